import Table from 'cli-table3';
import { wrap } from '../lib/wrap.ts';

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * Rows as kubectl lists them: no borders, two blanks between columns; cells are wrapped, those of the last column to what is left of
 * `width`. Cells must have gone through the sanitiser; `columns` are the widths of all columns but the last. The wrapping is ours: the
 * table's own cuts characters of two UTF-16 units in halves.
 */
export const list = (
  rows: readonly (readonly string[])[],
  columns: readonly number[],
  width: number,
): readonly string[] => {
  const left = columns.reduce((n, w) => n + w + 2, 0);
  const widths = [...columns, Math.max(20, width - left)];
  const table = new Table({
    chars: borderless,
    // nothing is cut here, but the sign for it is measured all the same; that takes 12 ms where it is not ASCII
    truncate: '.',
    // compact: lines between rows would be empty here, and are not even made
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  for (const cells of rows) table.push(cells.map((cell, i) => wrap(cell, widths[i] ?? width).join('\n')));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
};
