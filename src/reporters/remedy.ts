import type { Remedy } from '../core/check.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';

/** Lines to copy stand at this column and are never wrapped. */
const toCopy = (line: string, c: Canvas): string => `    ${c.paint('bold', printable(line))}`;

/** How to mend it: a sentence, commands to copy, the file to keep, what it does not cover. */
export const remedy = (fix: Remedy, c: Canvas): readonly string[] => [
  ...c.text('  fix: ', fix.say),
  ...(fix.risk === 'disruptive' ? c.text('  ', 'This disrupts what runs there: choose the moment.') : []),
  ...(fix.now ?? []).map((line) => toCopy(line, c)),
  ...(fix.persist
    ? [
        ...c.text('  to keep, in ', `${fix.persist.file}:`),
        ...fix.persist.content
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => toCopy(line, c)),
      ]
    : []),
  ...(fix.covers === undefined ? [] : c.text('  does not cover: ', fix.covers)),
];
