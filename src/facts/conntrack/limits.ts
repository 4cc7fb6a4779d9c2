import { fact } from '../../core/fact.ts';

/** The size of the connection tracking table. */
export interface ConntrackLimits {
  /** net.netfilter.nf_conntrack_max: one number for the whole kernel, with which each network namespace's own count is compared; 0 is no limit. */
  readonly max: number;
  /** Hash buckets; null where it could not be read. */
  readonly buckets: number | null;
}

/** Null: the kernel tracks no connections (nf_conntrack is not loaded). */
export const conntrackLimits = fact<ConntrackLimits | null>(
  'conntrack/limits',
  'node',
  'how many connections the kernel tracks at most in each network namespace, and the hash buckets for them',
);
