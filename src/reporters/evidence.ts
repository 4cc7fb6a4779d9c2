import type { Evidence } from '../core/check.ts';
import { printable } from '../lib/printable.ts';
import { printableLines } from '../lib/printable-lines.ts';
import { wrap } from '../lib/wrap.ts';
import type { Canvas } from './canvas.ts';

const mostQuotes = 6;
const mostLines = 8;

const one = (e: Evidence, c: Canvas): readonly string[] => {
  const source = printable(e.source);
  const all = printableLines(e.text);
  const [only] = all;
  const shownOnly = only === undefined || only.trim() === '' ? '(empty)' : only;
  const inline = `    ${source}: ${shownOnly}`;
  if (all.length === 1 && wrap(inline, c.width).length === 1)
    return [`    ${c.paint('dim', `${source}:`)} ${shownOnly}`];
  const shown = c.verbose ? all : all.slice(0, mostLines);
  const rest = all.length - shown.length;
  return [
    ...wrap(`${source}:`, c.width - 4).map((line) => `    ${c.paint('dim', line)}`),
    ...shown.flatMap((line) => wrap(line, c.width - 6)).map((line) => `      ${line}`),
    ...(rest > 0 ? [`      ${c.signs.more} ${rest} more lines (-v)`] : []),
  ];
};

/** What was read (on `node`, where the report has several), quoted, each with where it was read; bounded unless all is asked for. */
export const evidence = (quotes: readonly Evidence[], c: Canvas, node?: string): readonly string[] => {
  const shown = c.verbose ? quotes : quotes.slice(0, mostQuotes);
  const rest = quotes.length - shown.length;
  return [
    ...(quotes.length > 0 ? [node === undefined ? '  evidence:' : `  evidence, of ${printable(node)}:`] : []),
    ...shown.flatMap((e) => one(e, c)),
    ...(rest > 0 ? [`    ${c.signs.more} ${rest} more (-v)`] : []),
  ];
};
