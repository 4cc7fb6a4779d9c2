import { isSuppressed } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import type { Suppression } from '../core/suppression.ts';
import { fitsSuppression } from './fits-suppression.ts';

/** The suppressions that suppressed nothing: what they were for is mended, or they never fitted. */
export const idleSuppressions = (
  { findings }: Pick<Report, 'findings'>,
  rules: readonly Suppression[],
): readonly Suppression[] => {
  const suppressed = findings.filter(isSuppressed);
  return rules.filter((rule) => !suppressed.some((f) => fitsSuppression(f, rule)));
};
