import { fact } from '../../core/fact.ts';

/** Seconds for pods of at least this priority, up to the next. */
export interface ShutdownGroup {
  readonly priority: number;
  readonly seconds: number;
}

/** What kubelet's files say of graceful node shutdown, and what stands in its way. */
export interface ShutdownConfig {
  /** The configuration file that kubelet was started with, and its drop-ins; null where it has none (then all is at its default). */
  readonly file: string | null;
  /** shutdownGracePeriod and, of it, what is for critical pods; 0 where not set. */
  readonly graceSeconds: number;
  readonly criticalSeconds: number;
  /** shutdownGracePeriodByPodPriority, from the lowest; empty where not set. */
  readonly byPriority: readonly ShutdownGroup[];
  /** systemd-logind runs; without it kubelet does not hear of a shutdown. */
  readonly logind: boolean;
  /** logind's InhibitDelayMaxSec (5 s where no file sets it): so long does it wait for kubelet. */
  readonly inhibit: { readonly seconds: number; readonly source: string };
}

/** Null: no kubelet of its own runs here (k3s and others have it inside). */
export const shutdownConfig = fact<ShutdownConfig | null>(
  'node/shutdown-config',
  'node',
  "graceful node shutdown in kubelet's configuration files, and logind's InhibitDelayMaxSec",
);
