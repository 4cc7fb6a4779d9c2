import { severities } from '../core/check.ts';
import { type Failed, type Finding, isProblem } from '../core/finding.ts';
import { targetKey } from '../core/target.ts';

/** The gravest first; of equals those with a remedy; those of one check together, as the run gave them. */
const gravestFirst = (failed: readonly Failed[]): readonly Failed[] => {
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

/**
 * The problems that count, as one should read them: the gravest first, but what brings others about before these; of equals those with a remedy, since
 * they are nearest to the cause; those of one check together, as the run gave them.
 */
export const inOrder = (findings: readonly Finding[]): readonly Failed[] => {
  const failed = gravestFirst(findings.filter(isProblem));
  const begun = new Set<Failed>();
  const behindItsCauses = (f: Failed): readonly Failed[] => {
    if (begun.has(f)) return [];
    begun.add(f);
    const causes = failed.filter((c) => f.because?.includes(c.check) && targetKey(c.target) === targetKey(f.target));
    return [...causes.flatMap(behindItsCauses), f];
  };
  return failed.flatMap(behindItsCauses);
};
