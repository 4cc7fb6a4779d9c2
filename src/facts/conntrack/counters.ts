import { fact } from '../../core/fact.ts';

/** What connection tracking counted in one network namespace. */
export interface ConntrackSpace {
  /** See facts/network/spaces; `host` where only the node's own namespace could be asked (netlink). */
  readonly space: string;
  /** How many connections it holds: a state, not a counter. */
  readonly entries: number;
  /** Packets whose new entry could not be put into the table: another one had the same tuple. */
  readonly insertFailed: number;
  /** Of such clashes those that the kernel resolved, so that no packet was lost; null before Linux 5.10, which does not count them. */
  readonly clashResolved: number | null;
  /** Packets dropped: no room in the table, or a clash that was not resolved (then in `insertFailed` too). */
  readonly drop: number;
  /** Entries thrown out early to make room: the table was full. */
  readonly earlyDrop: number;
}

/** The counters of connection tracking. */
export interface ConntrackCounters {
  /** What was read, as one would type it. */
  readonly source: string;
  /** The node's own namespace only: this kernel has no /proc/net/stat/nf_conntrack, and netlink tells the caller's namespace. */
  readonly hostOnly: boolean;
  readonly spaces: readonly ConntrackSpace[];
}

/** Since each namespace was made: for the host since it booted. */
export const conntrackCounters = fact<ConntrackCounters>(
  'conntrack/counters',
  'node',
  'what connection tracking counted in each network namespace since it was made, and how many entries it holds',
);
