import type { Report } from '../core/report.ts';

/** Which cluster was asked, as the header says it. */
export const clusterText = (context: Report['context']): string => {
  if (context === null) return 'not asked';
  if (context.name === null)
    return context.cluster === null ? context.server : `${context.cluster} (${context.server})`;
  return `${context.cluster ?? '-'} (context ${context.name}, ${context.server})`;
};
