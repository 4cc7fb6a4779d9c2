import type { Canvas } from './canvas.ts';

/** Labels and untrusted values, one under the other. */
export const headerRows = (rows: readonly (readonly [label: string, value: string])[], c: Canvas): readonly string[] =>
  rows.flatMap(([label, value]) => {
    const first = `${label}:`.padEnd(12);
    return c.text(first, value).map((line, i) => (i === 0 ? c.paint('dim', first) + line.slice(first.length) : line));
  });
