import stringWidth from 'string-width';
import type { Canvas } from './canvas.ts';
import { list } from './list.ts';

/** Rows with a head, as kubectl lists them; each column but the last is as wide as its widest cell, but at most its share of the width. */
export const rows = (
  head: readonly string[],
  cells: readonly (readonly string[])[],
  shares: readonly number[],
  c: Canvas,
): readonly string[] => {
  const all = [head, ...cells];
  const columns = shares.map((share, i) =>
    Math.min(Math.floor(c.width * share), Math.max(1, ...all.map((row) => stringWidth(row[i] ?? '')))),
  );
  return list(all, columns, c.width);
};
