import type { Finding } from '../core/finding.ts';
import type { Canvas } from './canvas.ts';
import { signed } from './signed.ts';
import { verdict } from './verdict.ts';

/** The whole run in one line: problems, passed, not applicable, skipped and by which choice, not judged; `unread`: nodes not read at all. */
export const summary = (findings: readonly Finding[], unread: number, c: Canvas): readonly string[] => {
  const of = (status: Finding['status']): readonly Finding[] => findings.filter((f) => f.status === status);
  const blind = of('unknown').length + of('error').length;
  const reasons = [...new Set(of('skipped').map((f) => f.message))].join('; ');
  const { style, sign, text } = verdict(findings, unread, c);
  const parts = [
    text,
    `${of('pass').length} passed`,
    ...(of('not-applicable').length > 0 ? [`${of('not-applicable').length} not applicable`] : []),
    ...(of('skipped').length > 0 ? [`${of('skipped').length} skipped (${reasons})`] : []),
    ...(blind > 0 ? [`${blind} could not be judged`] : []),
    ...(unread > 0 ? [`${unread} ${unread === 1 ? 'node' : 'nodes'} not read`] : []),
  ];
  return signed(style, sign, parts.join(` ${c.signs.dot} `), c);
};
