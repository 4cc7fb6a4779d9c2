/** Lines with a blank one before; nothing if there are none. */
export const block = (lines: readonly string[]): readonly string[] => (lines.length > 0 ? ['', ...lines] : []);
