import { type Severity, severities } from './check.ts';
import { type Failed, type Finding, isProblem } from './finding.ts';

/** The severity from which on problems make the exit code 2. */
export type FailOn = Severity | 'never';

/** Tells the problems at or above `failOn`; suppressed ones do not count. */
export const failsBy =
  (failOn: FailOn) =>
  (f: Finding): f is Failed =>
    isProblem(f) && failOn !== 'never' && severities.indexOf(f.severity) >= severities.indexOf(failOn);
