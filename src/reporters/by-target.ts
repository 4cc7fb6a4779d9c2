import type { Finding } from '../core/finding.ts';
import { type Target, targetKey } from '../core/target.ts';

/** Finds the findings of a target, in the order of the report. */
export const byTarget = (findings: readonly Finding[]): ((target: Target) => readonly Finding[]) => {
  const groups = new Map<string, Finding[]>();
  for (const f of findings) {
    const key = targetKey(f.target);
    const group = groups.get(key);
    if (group) group.push(f);
    else groups.set(key, [f]);
  }
  return (target) => groups.get(targetKey(target)) ?? [];
};
