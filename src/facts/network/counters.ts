import { fact } from '../../core/fact.ts';

/** The counters of one network namespace; see facts/network/spaces for whose it is. */
export interface SpaceCounters {
  readonly space: string;
  /**
   * By the kernel's own names behind the table's: `Udp.RcvbufErrors`, `Udp6.InErrors`, `TcpExt.ListenOverflows`, `conntrack.insert_failed`
   * (sum over the CPUs), and of `conntrack.entries` and `sockstat.TCP.tw` the state, not a counter. A name that is not in `names` is not known.
   */
  readonly values: Readonly<Record<string, number>>;
}

/** Counters of the kernel's network code, per network namespace. */
export interface Counters {
  /** What this kernel counts. Of these a namespace without a value has 0. */
  readonly names: ReadonlySet<string>;
  readonly spaces: readonly SpaceCounters[];
}

/** What was counted since each namespace was made: for the host since it booted. */
export const counters = fact<Counters>(
  'network/counters',
  'node',
  'counters of /proc/<pid>/net/{snmp,snmp6,netstat,sockstat,stat/nf_conntrack} of each network namespace, since it was made',
);
