/** Those that hold the word, and the one behind each. */
const around = (items: readonly string[], word: string): string[] =>
  items.filter((item, i) => item.includes(word) || (items[i - 1] ?? '').includes(word));

/**
 * Of every text of several lines, and of every list of texts, only what holds the word and what follows it; all else stays as it is.
 * Keeps a flag and its value, and drops what stands beside it.
 */
export const grep = (value: unknown, word: string): unknown => {
  if (typeof value === 'string') return value.includes('\n') ? around(value.split('\n'), word).join('\n') : value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (items.every((item) => typeof item === 'string')) return around(items, word);
    return items.map((item) => grep(item, word));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, grep(item, word)]));
  }
  return value;
};
