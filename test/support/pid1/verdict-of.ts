import type { Report } from '../../../src/core/report.ts';
import type { RowPod } from './pods-of-rows.ts';
import type { Row, rowChecks, Verdict } from './row.ts';

/**
 * What a report says of one row by one check. Where a pod has several containers, its pass or its not-applicable is that of all of them, and what
 * is said of one of them alone must name it; what cannot be had for this row is null.
 */
export const verdictOf = (report: Report, pod: RowPod, row: Row, check: (typeof rowChecks)[number]): Verdict | null => {
  const findings = report.findings.filter(
    (f) => f.check === check && f.target.kind === 'pod' && f.target.name === pod.name,
  );
  const ofRow = findings.filter((f) => f.status === 'fail' && 'container' in f.data && f.data.container === row.name);
  if (ofRow.length > 0) return 'fail';
  const [found] = findings;
  switch (found?.status) {
    case 'pass':
    case 'not-applicable':
      return found.status;
    case 'unknown':
      return found.message.includes(`container ${row.name}:`) ? 'cannot-tell' : null;
    default:
      return null;
  }
};
