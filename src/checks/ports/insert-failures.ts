import type { Reading } from '../../core/gap.ts';
import type { CounterChanges } from '../../facts/network/counter-changes.ts';
import type { Space } from '../../facts/network/spaces.ts';

/** Entries that the host's conntrack could not insert within the window. */
export interface Failures {
  readonly insertFailed: number;
  readonly seconds: number;
}

/** Of these counters; null where one sample was taken only, or the kernel does not count them. */
export const insertFailures = (changes: Reading<CounterChanges>, spaces: readonly Space[]): Failures | null => {
  if (!changes.ok || !changes.value.names.has('conntrack.insert_failed')) return null;
  const host = spaces.find((s) => s.host);
  const own = changes.value.spaces.find((s) => s.space === host?.id);
  return own ? { insertFailed: own.values['conntrack.insert_failed'] ?? 0, seconds: changes.value.seconds } : null;
};
