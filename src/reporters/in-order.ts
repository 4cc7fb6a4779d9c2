import { severities } from '../core/check.ts';
import type { Finding } from '../core/finding.ts';
import type { Failed } from './failed.ts';

/**
 * The problems as one should read them: the gravest first; of equals those with a remedy, since they are nearest to the cause;
 * those of one check together, as the run gave them.
 */
export const inOrder = (findings: readonly Finding[]): readonly Failed[] => {
  const failed = findings.filter((f): f is Failed => f.status === 'fail');
  const firstOf = new Map<string, number>();
  for (const [i, f] of failed.entries()) if (!firstOf.has(f.check)) firstOf.set(f.check, i);
  const key = (f: Failed): readonly number[] => [
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
