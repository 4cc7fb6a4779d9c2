import type { Finding } from '../core/finding.ts';
import type { Canvas } from './canvas.ts';
import { inOrder } from './in-order.ts';
import { problem } from './problem.ts';
import { sameOn } from './same-on.ts';

/**
 * All problems, the gravest first, a blank line before each; a fix that several share is told once. With `many` nodes the same problem
 * on several of them is told once too.
 */
export const problems = (findings: readonly Finding[], many: boolean, c: Canvas): readonly string[] => {
  const told = new Map<string, string>();
  const failed = inOrder(findings);
  const groups = many
    ? sameOn(
        failed,
        (f) => JSON.stringify([f.check, f.severity, f.message, f.fix]),
        (f) => f.target.name,
      )
    : failed.map((one) => ({ one, on: [] }));
  return groups.flatMap(({ one, on: nodes }) => {
    const key = JSON.stringify(one.fix);
    const before = one.fix ? (told.get(key) ?? null) : null;
    if (one.fix && before === null) told.set(key, one.check);
    return ['', ...problem(one, nodes, before, c)];
  });
};
