import { severities } from '../core/check.ts';
import type { Finding } from '../core/finding.ts';
import { targetKey } from '../core/target.ts';
import type { Failed } from './failed.ts';

/** What stands behind a problem: how far it is from its first cause, and the gravest of what it brings about (or of itself). */
const places = (failed: readonly Failed[]): ((f: Failed) => readonly [severity: number, depth: number]) => {
  const key = (target: Failed['target'], check: string): string => `${targetKey(target)} ${check}`;
  const depths = new Map<string, number>();
  const gravest = new Map<string, number>();
  const depthOf = (f: Failed, seen: readonly string[]): number => {
    const mine = key(f.target, f.check);
    const before = depths.get(mine);
    if (before !== undefined) return before;
    const causes = failed.filter((c) => sameTarget(c, f) && f.because?.includes(c.check) && !seen.includes(c.check));
    const depth = Math.max(-1, ...causes.map((c) => depthOf(c, [...seen, f.check]))) + 1;
    depths.set(mine, depth);
    return depth;
  };
  const raise = (f: Failed, severity: number, seen: readonly string[]): void => {
    const mine = key(f.target, f.check);
    gravest.set(mine, Math.max(gravest.get(mine) ?? 0, severity));
    for (const c of failed)
      if (sameTarget(c, f) && f.because?.includes(c.check) && !seen.includes(c.check))
        raise(c, severity, [...seen, f.check]);
  };
  for (const f of failed) raise(f, severities.indexOf(f.severity), []);
  return (f) => [gravest.get(key(f.target, f.check)) ?? 0, depthOf(f, [])];
};

const sameTarget = (a: Failed, b: Failed): boolean => targetKey(a.target) === targetKey(b.target);

/**
 * The problems as one should read them: the gravest first, but what brings others about before these; of equals those with a remedy, since
 * they are nearest to the cause; those of one check together, as the run gave them.
 */
export const inOrder = (findings: readonly Finding[]): readonly Failed[] => {
  const failed = findings.filter((f): f is Failed => f.status === 'fail');
  const firstOf = new Map<string, number>();
  for (const [i, f] of failed.entries()) if (!firstOf.has(f.check)) firstOf.set(f.check, i);
  const place = places(failed);
  const key = (f: Failed): readonly number[] => [
    -place(f)[0],
    place(f)[1],
    -severities.indexOf(f.severity),
    f.fix ? 0 : 1,
    firstOf.get(f.check) ?? 0,
  ];
  return failed.toSorted((a, b) => {
    const kb = key(b);
    for (const [i, x] of key(a).entries()) {
      const difference = x - (kb[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  });
};
