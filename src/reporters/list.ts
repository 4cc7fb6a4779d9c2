import Table from 'cli-table3';

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
 * Rows as kubectl lists them: no borders, two blanks between columns; the last column is wrapped to what is left of `width`.
 * Cells must have gone through the sanitiser; `columns` are the widths of all columns but the last.
 */
export const list = (
  rows: readonly (readonly string[])[],
  columns: readonly number[],
  width: number,
): readonly string[] => {
  const left = columns.reduce((n, w) => n + w + 2, 0);
  const table = new Table({
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: [...columns, Math.max(20, width - left)],
    wordWrap: true,
  });
  for (const cells of rows) table.push([...cells]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
};
