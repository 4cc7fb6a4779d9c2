/** How many single-letter edits lie between two words (Levenshtein). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, x] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, y] of [...b].entries()) {
      next.push(Math.min((row[j] ?? 0) + (x === y ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? a.length;
};

/** Of `names` those that `wanted` may have meant, nearest first: few letters off, or one is part of the other. */
export const nearNames = (wanted: string, names: readonly string[], most = 3): readonly string[] => {
  const w = wanted.toLowerCase().slice(0, 100);
  if (w === '') return [];
  const rank = (name: string): number => {
    const last = name.slice(name.lastIndexOf('/') + 1);
    const starts = [name, last].flatMap((n) => [n, n.slice(0, w.length), n.slice(0, w.length + 1)]);
    const d = Math.min(...starts.map((n) => distance(w, n)));
    return d <= (w.length < 5 ? 1 : Math.max(2, Math.floor(w.length / 3)))
      ? d
      : name.includes(w) || (last.length > 3 && w.includes(last))
        ? 50
        : 100;
  };
  return names
    .map((name) => ({ name, rank: rank(name) }))
    .filter((n) => n.rank < 100)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map((n) => n.name);
};
