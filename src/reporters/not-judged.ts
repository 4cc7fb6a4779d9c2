import type { Finding } from '../core/finding.ts';
import { printable } from '../lib/printable.ts';
import type { Canvas } from './canvas.ts';
import { onNodes } from './on-nodes.ts';
import { sameOn } from './same-on.ts';
import { signed } from './signed.ts';

/** What could not be judged and why, a line for each; with `many` nodes the same is told once. Never green. */
export const notJudged = (findings: readonly Finding[], many: boolean, c: Canvas): readonly string[] => {
  const blind = findings.filter((f) => f.status === 'unknown' || f.status === 'error');
  const groups = many
    ? sameOn(
        blind,
        (f) => JSON.stringify([f.check, f.status, f.message]),
        (f) => f.target.name,
      )
    : blind.map((one) => ({ one, nodes: [] }));
  return groups.flatMap(({ one, nodes }) => {
    const where = nodes.length > 0 ? ` on ${onNodes(nodes, c.verbose)}` : '';
    return one.status === 'error'
      ? signed(
          'yellow',
          c.signs.broken,
          `${printable(one.check)} failed${where}, an error in netdoctor itself: ${one.message}`,
          c,
        )
      : signed('yellow', c.signs.unknown, `${printable(one.check)} could not be judged${where}: ${one.message}`, c);
  });
};
