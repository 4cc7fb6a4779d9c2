import stringWidth from 'string-width';
import { wrap } from '../lib/wrap.ts';

/** A line of a cell, with blanks up to the next column. */
const padded = (line: string, width: number): string => line + ' '.repeat(Math.max(0, width - stringWidth(line)));

/**
 * Rows as kubectl lists them: no borders, two blanks between columns; cells are wrapped, those of the last column to what is left of
 * `width`. Cells must have gone through the sanitiser; `columns` are the widths of all columns but the last.
 */
export const list = (
  rows: readonly (readonly string[])[],
  columns: readonly number[],
  width: number,
): readonly string[] => {
  const left = columns.reduce((n, w) => n + w + 2, 0);
  const widths = [...columns, Math.max(20, width - left)];
  return rows.flatMap((row) => {
    const cells = row.map((cell, i) => ({ lines: wrap(cell, widths[i] ?? width), width: widths[i] ?? width }));
    const height = Math.max(0, ...cells.map((c) => c.lines.length));
    return Array.from({ length: height }, (_, y) =>
      cells
        .map((c) => padded(c.lines[y] ?? '', c.width))
        .join('  ')
        .trimEnd(),
    );
  });
};
