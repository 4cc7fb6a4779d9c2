import type { Canvas } from './canvas.ts';

/** Untrusted text behind `first`, harmless already and perhaps painted, which takes `columns`; wrapped under itself, each further line after `under`. */
export const behind = (
  first: string,
  columns: number,
  text: string,
  c: Canvas,
  under = ' '.repeat(columns),
): readonly string[] =>
  c
    .text(' '.repeat(columns), text)
    .map((line, i) => `${i === 0 ? first : under}${line.slice(i === 0 ? columns : under.length)}`.trimEnd());
