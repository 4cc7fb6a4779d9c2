import stringWidth from 'string-width';
import type { ContainerTree, ProcessNode } from '../core/report.ts';
import { printable } from '../lib/printable.ts';
import { behind } from './behind.ts';
import type { Canvas } from './canvas.ts';
import { clipped } from './clipped.ts';
import type { Style } from './paint.ts';
import { type ProcessRow, processRows } from './process-rows.ts';

const mostRows = 16;
const indent = 2;
/** What a fate needs beside its process; with less it stands below. */
const fateColumns = 30;

const styles: Readonly<Record<ProcessNode['state'], Style>> = { ok: 'green', lost: 'red', unsure: 'yellow' };

const sign = (state: ProcessNode['state'], c: Canvas): string =>
  ({ ok: c.signs.pass, lost: c.signs.critical, unsure: c.signs.unknown })[state];

const bare: Readonly<Record<ProcessNode['signalFrom'], string>> = {
  runtime: 'gets it',
  init: 'gets it from its init',
  none: 'does not get it',
};

const fateOf = ({ fate, signalFrom }: ProcessNode): string => (fate === '' ? bare[signalFrom] : fate);

/** What stands left of a fate, and how wide that is. */
const named = (
  { node, branch, times }: ProcessRow,
  most: number,
  c: Canvas,
): readonly [text: string, columns: number] => {
  const name = `${node.pid} ${printable(node.command)}`;
  const tail = times > 1 ? ` ${c.signs.times}${times}` : '';
  const s = sign(node.state, c);
  const shown = clipped(name, Math.max(8, most - branch.length - 2 - tail.length), c.signs.more) + tail;
  return [
    `${c.paint('dim', branch)}${c.paint(styles[node.state], s)} ${shown}`,
    branch.length + 2 + stringWidth(shown),
  ];
};

const row = (r: ProcessRow, column: number | null, most: number, c: Canvas): readonly string[] => {
  const [text, columns] = named(r, most, c);
  const blanks = ' '.repeat(indent);
  const under = blanks + r.under + (r.node.children.length > 0 ? c.signs.trunk : '');
  if (column === null) {
    const first = under.padEnd(indent + r.under.length + 4);
    return [`${blanks}${text}`, ...behind(first, first.length, fateOf(r.node), c, first)];
  }
  const at = indent + column + 2;
  return behind(`${blanks}${text}${' '.repeat(Math.max(2, column + 2 - columns))}`, at, fateOf(r.node), c, under);
};

/**
 * The processes of a container as a tree: which get the stop signal (`signal`, as a clause names it), which do not, and why. Readable without
 * colour: a sign and words for each.
 */
export const processTree = (tree: ContainerTree, signal: string, c: Canvas): readonly string[] => {
  if (tree.unseen !== null) return c.text('', `Processes of container ${tree.name}: ${tree.unseen}`);
  const half = Math.floor(c.width / 2);
  const { rows, left } = processRows(
    tree.roots,
    c.verbose ? 10 * mostRows : mostRows,
    Math.floor((half - indent - 10) / c.signs.trunk.length),
    c.signs,
  );
  const column = Math.max(0, ...rows.map((r) => named(r, half, c)[1]));
  const beside = c.width - indent - column - 2 >= fateColumns;
  const most = beside ? half : c.width - indent;
  const rest = left + tree.left;
  const heading = `Processes of container ${tree.name}${rows.length > 0 ? `, and what ${signal} does to them` : ''}:`;
  return [
    ...c.text('', rows.length + rest === 0 ? `${heading} none` : heading),
    ...rows.flatMap((r) => row(r, beside ? column : null, most, c)),
    ...(rest > 0 ? c.text(' '.repeat(indent), `${c.signs.more} ${rest} more`) : []),
  ];
};
