import { fact } from '../../core/fact.ts';

/** When kube-proxy last heard of a change and last wrote its rules, by its own metrics. Milliseconds since 1970; null: never. */
export interface SyncTimes {
  /** "IPv4", "IPv6"; empty where this version does not tell them apart (before 1.34). */
  readonly family: string;
  readonly queuedMs: number | null;
  readonly syncedMs: number | null;
}

/** A counter of failures since kube-proxy started. */
export interface SyncFailures {
  /** "iptables_restore", "iptables_partial_restore", "nftables_sync", "nftables_cleanup". */
  readonly what: string;
  readonly family: string;
  readonly count: number;
}

/** How a server of kube-proxy's answered. `other`: it could not be told (no client program, another error). */
export type ProxyAnswer = 'answered' | 'timed-out' | 'refused' | 'other';

/** A line of kube-proxy's log about a failure to write rules. */
export interface FailureLine {
  /** Milliseconds since 1970, by the container runtime's timestamp. */
  readonly atMs: number;
  /** At most 300 characters. */
  readonly text: string;
  readonly file: string;
}

/** Where rules could not be looked for: the command or file, its exit status, and the first line of its error (at most 200 characters; may be empty). */
export interface UnreadRules {
  readonly source: string;
  readonly exit: number;
  readonly error: string;
}

/** What kube-proxy on this node says of its own writing of rules. */
export interface ProxySync {
  /** The node's clock when it was asked. */
  readonly nowMs: number;
  /** kube-proxy processes in the node's network namespace and their states (`S`, `T` for stopped). */
  readonly processes: readonly { readonly pid: number; readonly state: string }[];
  /** host:port that was asked for its metrics, and how it answered. */
  readonly metricsAddress: string;
  readonly metricsAnswer: ProxyAnswer;
  readonly startedMs: number | null;
  /** "v1.34.4". */
  readonly version: string | null;
  readonly times: readonly SyncTimes[];
  readonly failures: readonly SyncFailures[];
  /** Its /livez (before 1.28: /healthz), what it said, and whether that is healthy; null where it does not say. */
  readonly health: { readonly answer: ProxyAnswer; readonly healthy: boolean | null; readonly text: string };
  /** Log files that were read; none where kube-proxy is no pod. */
  readonly logFiles: readonly string[];
  /** Oldest first, at most 20 a file. */
  readonly lines: readonly FailureLine[];
  /** Rules of a kube-proxy that stand in the kernel; looked for only where no kube-proxy runs. Null: none seen. */
  readonly rulesLeft: { readonly source: string; readonly text: string } | null;
  /** Where they were looked for in vain since the look itself failed. */
  readonly rulesUnread: readonly UnreadRules[];
}

/** Whether kube-proxy gets its rules written. */
export const proxySync = fact<ProxySync>(
  'kube-proxy/sync',
  'node',
  'whether kube-proxy runs and gets its rules written: its metrics, its /livez, failures in its log',
);
