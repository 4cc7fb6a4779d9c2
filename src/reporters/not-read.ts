import type { TargetSummary } from '../core/report.ts';
import type { Canvas } from './canvas.ts';
import { onNodes } from './on-nodes.ts';
import { sameOn } from './same-on.ts';
import { signed } from './signed.ts';

/** Nodes of which nothing could be read, and why; the same reason is told once. */
export const notRead = (unread: readonly TargetSummary[], c: Canvas): readonly string[] => {
  const groups = sameOn(
    unread,
    (t) => t.unread ?? '',
    (t) => t.name,
  );
  return groups.flatMap(({ one, on: nodes }) =>
    signed('yellow', c.signs.unknown, `could not read ${onNodes(nodes, c.verbose)}: ${one.unread ?? ''}`, c),
  );
};
