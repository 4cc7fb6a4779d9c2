import type { SpaceCounters } from '../../facts/network/counters.ts';

/** The sum of these counters of a network namespace; what the kernel counts and the namespace has no value of is 0 (facts/network/counters). */
export const countOf = (space: SpaceCounters, ...names: readonly string[]): number =>
  names.reduce((sum, name) => sum + (space.values[name] || 0), 0);
