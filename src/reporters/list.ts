import Table from 'cli-table3';
import stringWidth from 'string-width';
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

const padded = (line: string, width: number): string => line + ' '.repeat(Math.max(0, width - stringWidth(line)));

/**
 * Rows as kubectl lists them: no borders, two blanks between columns; cells are wrapped, those of the last column to what is left of
 * `width`. Cells must have gone through the sanitiser; `columns` are the widths of all columns but the last. The wrapping is ours: the
 * table's own cuts characters of two UTF-16 units in halves.
 * Each row is a table of its own, since a table of many compares each with all before it; its lines are rows there, since of cells with several lines
 * it measures each letter. So what is painted in a cell must fit in one line, as signs and states do.
 */
export const list = (
  rows: readonly (readonly string[])[],
  columns: readonly number[],
  width: number,
): readonly string[] => {
  const left = columns.reduce((n, w) => n + w + 2, 0);
  const most = [...columns, Math.max(20, width - left)];
  const wrapped = rows.map((cells) => cells.map((cell, i) => wrap(cell, most[i] ?? width)));
  const widest = (i: number): number =>
    wrapped.reduce((n, cells) => (cells[i] ?? []).reduce((m, line) => Math.max(m, stringWidth(line)), n), 1);
  const widths = most.map((_, i) => widest(i));
  return wrapped.flatMap((cells) => {
    const table = new Table({
      chars: borderless,
      // no widths are given: it may measure otherwise, and would cut. Nothing is cut so, but the sign for it is measured all the same; that takes 12 ms where it is not ASCII
      truncate: '.',
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    });
    const height = Math.max(...cells.map((lines) => lines.length));
    for (let n = 0; n < height; n++) table.push(cells.map((lines, i) => padded(lines[n] ?? '', widths[i] ?? 0)));
    return table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd());
  });
};
