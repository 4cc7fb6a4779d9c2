import type { Report } from '../core/report.ts';

/** When the run began and how long it took. */
export const when = (report: Report): string =>
  `${report.startedAt.replace(/\.\d+/, '')}, ${(report.durationMs / 1000).toFixed(1)} s`;
