import { fact } from '../../core/fact.ts';

/** The kernel's table of neighbours (ARP, or ND for IPv6), one for the whole machine, all pods included. Null: this kernel does not count it. */
export interface NeighbourTable {
  readonly family: 'ipv4' | 'ipv6';
  /** With those that never go away (permanent ones of a CNI), which since Linux 5.0 do not count against the limit. */
  readonly entries: number;
  /** How often a new neighbour was refused because the table was full. */
  readonly tableFulls: number | null;
  /** How often the kernel threw out neighbours because there were more than gc_thresh2. */
  readonly forcedGcRuns: number | null;
  /** net.{ipv4,ipv6}.neigh.default.gc_thresh1 to 3; at the third no more are made. */
  readonly thresholds: readonly [number, number, number];
}

/** Since boot. Empty in a network namespace that is not the machine's own, where the kernel shows none (a node in a container: kind). */
export const neighbourTables = fact<readonly NeighbourTable[]>(
  'kernel/neighbour-tables',
  'node',
  'entries and overflows of the ARP and ND tables since boot, and gc_thresh1 to 3',
);
