import type { ConntrackSpace } from '../../facts/conntrack/counters.ts';

/**
 * Packets lost to clashes (facts B.3). insert_failed counts the resolved ones too on older kernels, which are subtracted; on newer ones it counts
 * only those that were dropped, which `drop` counts with it: what both counted was lost in any case.
 */
export const lostToClashes = (s: ConntrackSpace): number =>
  s.clashResolved === null
    ? s.insertFailed
    : Math.max(0, s.insertFailed - s.clashResolved, Math.min(s.insertFailed, s.drop));
