import type { Finding } from '../core/finding.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { onNodes } from './on-nodes.ts';
import { sameOn } from './same-on.ts';
import { signed } from './signed.ts';

/**
 * What could not be judged and why; the same reason is told once for all checks, and with `many` nodes for all nodes that it holds for.
 * Never green.
 */
export const notJudged = (findings: readonly Finding[], many: boolean, c: Canvas): readonly string[] => {
  const blind = findings.filter((f) => f.status === 'unknown' || f.status === 'error');
  const perCheck = sameOn(
    blind,
    (f) => JSON.stringify([f.check, f.status, f.message]),
    (f) => f.target.name,
  );
  const perReason = sameOn(
    perCheck,
    ({ one, on }) => JSON.stringify([one.status, one.message, on]),
    ({ one }) => one.check,
  );
  return perReason.flatMap(({ one: { one, on: nodes }, on: checks }) => {
    const where = many ? ` on ${onNodes(nodes, c.verbose)}` : '';
    const which = checks.map(printable).join(', ');
    return one.status === 'error'
      ? signed('yellow', c.signs.broken, `${which} failed${where}, an error in netdoctor itself: ${one.message}`, c)
      : signed('yellow', c.signs.unknown, `${which} could not be judged${where}: ${one.message}`, c);
  });
};
