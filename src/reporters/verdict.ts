import { severities } from '../core/check.ts';
import { type Failed, type Finding, isProblem, isSuppressed } from '../core/finding.ts';
import type { Canvas } from './canvas.ts';
import type { Style } from './paint.ts';
import { styleOf } from './style-of.ts';

/** What findings come to: the sign, its colour, and a clause; never green where something could not be judged. */
export interface Verdict {
  readonly style: Style;
  readonly sign: string;
  readonly text: string;
}

const bySeverity = (failed: readonly Failed[]): string =>
  severities
    .toReversed()
    .map((s) => ({ s, n: failed.filter((f) => f.severity === s).length }))
    .filter(({ n }) => n > 0)
    .map(({ s, n }) => `${n} ${s}`)
    .join(', ');

/** Sums up the findings of one target, or of several, `unread` of which could not be read at all. */
export const verdict = (findings: readonly Finding[], unread: number, c: Canvas): Verdict => {
  const failed = findings.filter(isProblem);
  const gravest = severities.findLast((s) => failed.some((f) => f.severity === s));
  if (gravest)
    return {
      style: styleOf(gravest),
      sign: c.signs[gravest],
      text: `${failed.length} ${failed.length === 1 ? 'problem' : 'problems'} (${bySeverity(failed)})`,
    };
  if (findings.length > 0 && (unread > 0 || findings.some((f) => f.status === 'unknown' || f.status === 'error')))
    return { style: 'yellow', sign: c.signs.unknown, text: 'no problem found in what could be judged' };
  const suppressed = findings.some(isSuppressed);
  if (!suppressed && !findings.some((f) => f.status === 'pass'))
    return { style: 'yellow', sign: c.signs.unknown, text: unread > 0 ? 'not read' : 'nothing was judged' };
  return { style: 'green', sign: c.signs.pass, text: suppressed ? 'no other problem found' : 'no problem found' };
};
