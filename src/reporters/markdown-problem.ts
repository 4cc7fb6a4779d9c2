import type { Evidence, Remedy } from '../core/check.ts';
import type { Failed } from '../core/finding.ts';
import { printable } from '../lib/printable.ts';
import { printableLines } from '../lib/printable-lines.ts';
import { inManifest } from './in-manifest.ts';
import { manifestOf } from './manifest-of.ts';
import { markdownBlock } from './markdown-block.ts';
import { markdownCode } from './markdown-code.ts';
import { markdownText } from './markdown-text.ts';
import { symbols } from './symbols.ts';
import { yamlText } from './yaml-text.ts';

const paragraph = (text: string): readonly string[] => [text, ''];

const quoted = ({ source, text }: Evidence): readonly string[] => {
  const lines = printableLines(text);
  const [only = ''] = lines;
  if (lines.length === 1) return [`${printable(source)}: ${only.trim() === '' ? '(empty)' : only}`];
  return [`${printable(source)}:`, ...lines.map((line) => `  ${line}`)];
};

const remedy = (fix: Remedy): readonly string[] => [
  ...paragraph(`**Fix:** ${markdownText(fix.say)}`),
  ...(fix.risk === 'disruptive' && (fix.now ?? []).length > 0
    ? paragraph('This disrupts what runs there: choose the moment.')
    : []),
  ...(fix.now && fix.now.length > 0 ? markdownBlock(fix.now.map(printable).join('\n'), 'sh') : []),
  ...(fix.patch
    ? [
        ...paragraph(`To keep, in ${markdownText(manifestOf(fix.patch))}:`),
        ...markdownBlock(yamlText(inManifest(fix.patch.body)), 'yaml'),
      ]
    : []),
  ...(fix.persist
    ? [...paragraph(`To keep, in ${markdownCode(fix.persist.file)}:`), ...markdownBlock(fix.persist.content, 'text')]
    : []),
  ...(fix.examples ?? []).flatMap((e) => [
    ...paragraph(markdownText(e.about.replace(/:?\s*$/, ':'))),
    ...markdownBlock(e.text, 'text'),
  ]),
  ...(fix.covers === undefined ? [] : paragraph(`**Does not cover:** ${markdownText(fix.covers)}`)),
];

/**
 * One problem: how grave, which check, on what, the cause, all that was seen, how to mend it. `sameFixAs`: the check above that told this very
 * fix.
 */
export const markdownProblem = (f: Failed, on: readonly string[], sameFixAs: string | null): readonly string[] => [
  ...paragraph(`### ${symbols(true)[f.severity]} ${f.severity}: ${markdownCode(f.check)}`),
  ...(on.length > 0 ? paragraph(`On ${on.map(markdownCode).join(', ')}`) : []),
  ...printableLines(f.message).flatMap((line) => paragraph(markdownText(line))),
  ...(f.because
    ? paragraph(`Probably a consequence of ${f.because.map(markdownCode).join(' and ')}: mend that first.`)
    : []),
  ...(f.evidence.length > 0
    ? [
        ...paragraph(on.length > 1 ? `**Evidence**, of ${markdownCode(on[0] ?? '')}:` : '**Evidence:**'),
        ...markdownBlock(f.evidence.flatMap(quoted).join('\n'), 'text'),
      ]
    : []),
  ...(f.fix === undefined
    ? []
    : sameFixAs === null
      ? remedy(f.fix)
      : paragraph(`**Fix:** as above (${markdownCode(sameFixAs)})`)),
];
