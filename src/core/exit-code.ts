import { type FailOn, failsBy } from './fail-on.ts';
import type { Report } from './report.ts';
import { targetKey } from './target.ts';

/**
 * 2: a problem at or above `failOn` · 3: no such problem, but something could not be judged · 0: everything judged.
 * What the user chose to skip or to suppress does not count; a node or pod that could not be read was not judged, nor was a node whose watch broke off. (1 is netdoctor's own failure: nothing could be
 * read, or not all manifests.) The same in every output format.
 */
export const exitCode = (
  { findings, targets, broken = [], unwatched = [] }: Pick<Report, 'findings' | 'targets' | 'broken' | 'unwatched'>,
  failOn: FailOn,
): 0 | 1 | 2 | 3 => {
  if (broken.length > 0) return 1;
  if (findings.some(failsBy(failOn))) return 2;
  const judged = new Set(findings.map((f) => targetKey(f.target)));
  const unjudged = targets.filter(
    (t) => t.kind !== 'manifest' && t.unread !== null && !judged.has(targetKey(t)),
  ).length;
  if (unjudged > 0 && unjudged === targets.length) return 1;
  return unjudged > 0 || unwatched.length > 0 || findings.some((f) => f.status === 'unknown' || f.status === 'error')
    ? 3
    : 0;
};
