import { severities } from '../core/check.ts';
import type { Finding } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import { targetKey } from '../core/target.ts';
import type { FailOn } from './fail-on.ts';

/**
 * 2: a problem at or above `failOn` · 3: no such problem, but something could not be judged · 0: everything judged.
 * What the user chose to skip does not count; a node or pod that could not be read was not judged, nor was one whose watch broke off; a manifest always was read. (1 is netdoctor's own failure: nothing could be
 * read.) The same in every output format.
 */
export const exitCode = (
  { findings, targets, unwatched = [] }: Pick<Report, 'findings' | 'targets' | 'unwatched'>,
  failOn: FailOn,
): 0 | 1 | 2 | 3 => {
  const grave = (f: Finding): boolean =>
    f.status === 'fail' && failOn !== 'never' && severities.indexOf(f.severity) >= severities.indexOf(failOn);
  if (findings.some(grave)) return 2;
  const judged = new Set(findings.map((f) => targetKey(f.target)));
  const unjudged = targets.filter(
    (t) => t.kind !== 'manifest' && t.unread !== null && !judged.has(targetKey(t)),
  ).length;
  if (unjudged > 0 && unjudged === targets.length) return 1;
  return unjudged > 0 || unwatched.length > 0 || findings.some((f) => f.status === 'unknown' || f.status === 'error')
    ? 3
    : 0;
};
