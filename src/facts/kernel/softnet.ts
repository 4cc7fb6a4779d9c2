import { fact } from '../../core/fact.ts';

/** What one CPU did with incoming packets. These counters have 32 bits and start anew at 2^32. */
export interface SoftnetCpu {
  readonly cpu: number;
  readonly processed: number;
  /** Packets thrown away since this CPU's backlog queue was full. */
  readonly dropped: number;
  /** How often it stopped with work left, since its budget was used up. */
  readonly timeSqueezes: number;
}

/** The CPUs of the whole machine (the file is not of a namespace), and the sysctls that matter. */
export interface Softnet {
  readonly cpus: readonly SoftnetCpu[];
  /** net.core.netdev_max_backlog; null where it is not shown: in another network namespace than the machine's own. */
  readonly maxBacklog: number | null;
}

/** Since boot. */
export const softnet = fact<Softnet>(
  'kernel/softnet',
  'node',
  'packets that each CPU processed and dropped (/proc/net/softnet_stat) since boot, and netdev_max_backlog',
);
