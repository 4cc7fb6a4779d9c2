import stringWidth from 'string-width';

/** Harmless text cut to so many columns; `more` says that it was cut. */
export const clipped = (text: string, columns: number, more: string): string => {
  if (stringWidth(text) <= columns) return text;
  const room = columns - stringWidth(more);
  let out = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    used += stringWidth(segment);
    if (used > room) break;
    out += segment;
  }
  return `${out}${more}`;
};
