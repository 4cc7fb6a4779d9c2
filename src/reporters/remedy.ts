import type { Remedy } from '../core/check.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { inManifest } from './in-manifest.ts';
import { manifestOf } from './manifest-of.ts';
import { yamlText } from './yaml-text.ts';

/** Lines to copy stand at this column and are never wrapped. */
const lineToCopy = (line: string, c: Canvas): string => `    ${c.paint('bold', printable(line))}`;

const toCopy = (text: string, c: Canvas): readonly string[] =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => lineToCopy(line, c));

/** How to mend it: a sentence, commands to copy, what to keep in a manifest or a file, lines for other files, what it does not cover. */
export const remedy = (fix: Remedy, c: Canvas): readonly string[] => [
  ...c.text('  fix: ', fix.say),
  ...(fix.risk === 'disruptive' && (fix.now ?? []).length > 0
    ? c.text('  ', 'This disrupts what runs there: choose the moment.')
    : []),
  ...(fix.now ?? []).map((line) => lineToCopy(line, c)),
  ...(fix.patch
    ? [...c.text('  to keep, in ', `${manifestOf(fix.patch)}:`), ...toCopy(yamlText(inManifest(fix.patch.body)), c)]
    : []),
  ...(fix.persist ? [...c.text('  to keep, in ', `${fix.persist.file}:`), ...toCopy(fix.persist.content, c)] : []),
  ...(fix.examples ?? []).flatMap((e) => [...c.text('  ', e.about.replace(/:?\s*$/, ':')), ...toCopy(e.text, c)]),
  ...(fix.covers === undefined ? [] : c.text('  does not cover: ', fix.covers)),
];
