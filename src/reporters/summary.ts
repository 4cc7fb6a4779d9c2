import { severities } from '../core/check.ts';
import type { Finding } from '../core/finding.ts';
import type { Canvas } from './canvas.ts';
import type { Failed } from './failed.ts';
import type { Style } from './paint.ts';
import { styleOf } from './style-of.ts';

const bySeverity = (failed: readonly Failed[]): string =>
  severities
    .toReversed()
    .map((s) => ({ s, n: failed.filter((f) => f.severity === s).length }))
    .filter(({ n }) => n > 0)
    .map(({ s, n }) => `${n} ${s}`)
    .join(', ');

/** The whole run in one line: problems, passed, not applicable, skipped and by which choice, not judged. */
export const summary = (findings: readonly Finding[], c: Canvas): readonly string[] => {
  const of = (status: Finding['status']): readonly Finding[] => findings.filter((f) => f.status === status);
  const failed = findings.filter((f): f is Failed => f.status === 'fail');
  const blind = of('unknown').length + of('error').length;
  const reasons = [...new Set(of('skipped').map((f) => f.message))].join('; ');
  const gravest = severities.findLast((s) => failed.some((f) => f.severity === s));
  const verdict: readonly [Style, string, string] = gravest
    ? [
        styleOf(gravest),
        c.signs[gravest],
        `${failed.length} ${failed.length === 1 ? 'problem' : 'problems'} (${bySeverity(failed)})`,
      ]
    : blind > 0
      ? ['yellow', c.signs.unknown, 'no problem found in what could be judged']
      : of('pass').length === 0
        ? ['yellow', c.signs.unknown, 'nothing was judged']
        : ['green', c.signs.pass, 'no problem found'];
  const parts = [
    verdict[2],
    `${of('pass').length} passed`,
    ...(of('not-applicable').length > 0 ? [`${of('not-applicable').length} not applicable`] : []),
    ...(of('skipped').length > 0 ? [`${of('skipped').length} skipped (${reasons})`] : []),
    ...(blind > 0 ? [`${blind} could not be judged`] : []),
  ];
  return c
    .text(`${verdict[1]} `, parts.join(` ${c.signs.dot} `))
    .map((line, i) => (i === 0 ? c.paint(verdict[0], verdict[1]) + line.slice(verdict[1].length) : line));
};
