import type { NodeSummary, PodSummary } from '../core/report.ts';
import type { Target } from '../core/target.ts';
import type { Canvas } from './canvas.ts';
import { onNames } from './on-names.ts';
import { sameOn } from './same-on.ts';
import { signed } from './signed.ts';

/** Nodes and pods of which nothing could be read, and why; the same reason is told once. */
export const notRead = (
  unread: readonly (NodeSummary | PodSummary)[],
  nameOf: (target: Target) => string,
  c: Canvas,
): readonly string[] => {
  const groups = sameOn(unread, (t) => t.unread ?? '', nameOf);
  return groups.flatMap(({ one, on }) =>
    signed('yellow', c.signs.unknown, `could not read ${onNames(on, c.verbose)}: ${one.unread ?? ''}`, c),
  );
};
