import type { Finding } from '../core/finding.ts';
import type { Canvas } from './canvas.ts';
import { inOrder } from './in-order.ts';
import { problem } from './problem.ts';

/** All problems, the gravest first, a blank line before each; a fix that several share is told once. */
export const problems = (findings: readonly Finding[], c: Canvas): readonly string[] => {
  const told = new Map<string, string>();
  return inOrder(findings).flatMap((f) => {
    const key = JSON.stringify(f.fix);
    const before = f.fix ? (told.get(key) ?? null) : null;
    if (f.fix && before === null) told.set(key, f.check);
    return ['', ...problem(f, before, c)];
  });
};
