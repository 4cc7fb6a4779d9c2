import type { Finding } from '../core/finding.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { onNames } from './on-names.ts';
import { sameOn } from './same-on.ts';
import { signed } from './signed.ts';
import type { Where } from './where.ts';

/**
 * What could not be judged and why; the same reason is told once for all checks, and for all targets that it holds for. Never green.
 */
export const notJudged = (findings: readonly Finding[], where: Where, c: Canvas): readonly string[] => {
  const blind = findings.filter((f) => f.status === 'unknown' || f.status === 'error');
  const perCheck = sameOn(
    blind,
    (f) => JSON.stringify([f.check, f.status, f.message, where(f.target) === null]),
    (f) => where(f.target) ?? '',
  );
  const perReason = sameOn(
    perCheck,
    ({ one, on }) => JSON.stringify([one.status, one.message, where(one.target) === null, on]),
    ({ one }) => one.check,
  );
  return perReason.flatMap(({ one: { one, on: names }, on: checks }) => {
    const at = where(one.target) === null ? '' : ` on ${onNames(names, c.verbose)}`;
    const which = checks.map(printable).join(', ');
    return one.status === 'error'
      ? signed('yellow', c.signs.broken, `${which} failed${at}, an error in netdoctor itself: ${one.message}`, c)
      : signed('yellow', c.signs.unknown, `${which} could not be judged${at}: ${one.message}`, c);
  });
};
