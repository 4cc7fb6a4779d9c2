import { printable } from '../lib/printable.ts';

/** Untrusted text as a code span, which no backtick in it ends. Not for a table's cell with a pipe in it. */
export const markdownCode = (text: string): string => {
  const inside = printable(text).trim();
  if (inside === '') return '(empty)';
  const longest = Math.max(0, ...(inside.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const room = inside.startsWith('`') || inside.endsWith('`') ? ' ' : '';
  return `${fence}${room}${inside}${room}${fence}`;
};
