import { severities } from '../core/check.ts';
import type { Finding } from '../core/finding.ts';
import type { FailOn } from './fail-on.ts';

/**
 * 2: a problem at or above `failOn` · 3: no such problem, but something could not be judged · 0: everything judged.
 * What the user chose to skip does not count. (1 is netdoctor's own failure.) The same in every output format.
 */
export const exitCode = (findings: readonly Finding[], failOn: FailOn): 0 | 2 | 3 => {
  const grave = (f: Finding): boolean =>
    f.status === 'fail' && failOn !== 'never' && severities.indexOf(f.severity) >= severities.indexOf(failOn);
  if (findings.some(grave)) return 2;
  return findings.some((f) => f.status === 'unknown' || f.status === 'error') ? 3 : 0;
};
