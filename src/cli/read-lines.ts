import type { Raw } from '../core/read.ts';
import { printable } from '../lib/printable.ts';
import { printableLines } from '../lib/printable-lines.ts';

const mostLines = 20;
const mostColumns = 200;

const bounded = (text: string): readonly string[] => {
  if (text.trim() === '') return [];
  // the whole may be megabytes: only what is shown goes through the sanitiser
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines
    .slice(0, mostLines)
    .flatMap((line) => printableLines(line.length > mostColumns ? `${line.slice(0, mostColumns)}...` : line));
  return lines.length > mostLines ? [...shown, `... ${lines.length - mostLines} more lines`] : shown;
};

/** One read as it is told with -v: the command as one would type it (on `node`, of several), and its result or why there is none. */
export const readLines = (typed: string, raw: Raw, node = ''): readonly string[] => {
  const command = `${printable(node)}$ ${printable(typed)}`;
  if (!raw.ok) return [command, `  (${raw.gap.kind}: ${printable(raw.gap.detail)})`];
  const [first] = raw.outputs;
  const notes = [
    ...(raw.outputs.length > 1 ? [`first of ${raw.outputs.length} samples`] : []),
    ...(first.exit === 0 ? [] : [`exit status ${first.exit}`]),
    ...(first.stdout.trim() === '' && first.stderr.trim() === '' ? ['nothing'] : []),
  ];
  return [
    command,
    ...[...bounded(first.stdout), ...bounded(first.stderr)].map((line) => `  ${line}`.trimEnd()),
    ...(notes.length > 0 ? [`  (${notes.join(', ')})`] : []),
  ];
};
