import { type Finding, isSuppressed } from '../core/finding.ts';
import type { NodeSummary, PodSummary } from '../core/report.ts';
import type { Canvas } from './canvas.ts';
import { signed } from './signed.ts';
import { verdict } from './verdict.ts';

const counted = (n: number, one: string): readonly string[] => (n === 0 ? [] : [`${n} ${n === 1 ? one : `${one}s`}`]);

/**
 * The whole run in one line: problems, suppressed, passed, not applicable, skipped and by which choice, not judged; `unread`: what was not read at all;
 * `what`: how much was looked at, where no header says it.
 */
export const summary = (
  findings: readonly Finding[],
  unread: readonly (NodeSummary | PodSummary)[],
  c: Canvas,
  what?: string,
): readonly string[] => {
  const of = (status: Finding['status']): readonly Finding[] => findings.filter((f) => f.status === status);
  const blind = of('unknown').length + of('error').length;
  const suppressed = findings.filter(isSuppressed).length;
  const reasons = [...new Set(of('skipped').map((f) => f.message))].join('; ');
  const { style, sign, text } = verdict(findings, unread.length, c);
  const dark = [
    ...counted(unread.filter((t) => t.kind === 'pod').length, 'pod'),
    ...counted(unread.filter((t) => t.kind === 'node').length, 'node'),
  ];
  const parts = [
    text,
    ...(what === undefined ? [] : [what]),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    `${of('pass').length} passed`,
    ...(of('not-applicable').length > 0 ? [`${of('not-applicable').length} not applicable`] : []),
    ...(of('skipped').length > 0 ? [`${of('skipped').length} skipped (${reasons})`] : []),
    ...(blind > 0 ? [`${blind} could not be judged`] : []),
    ...(dark.length > 0 ? [`${dark.join(' and ')} not read`] : []),
  ];
  return signed(style, sign, parts.join(` ${c.signs.dot} `), c);
};
