/** Where a rule leads to: the word behind -j or -g; null for a rule that only counts. */
export const targetOf = (words: readonly string[]): string | null => {
  const at = words.findIndex((w) => w === '-j' || w === '-g');
  return at < 0 ? null : (words[at + 1] ?? null);
};
