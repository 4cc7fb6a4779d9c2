import { fact } from '../../core/fact.ts';

/** Failures of one probe of one container, as kubelet's Unhealthy events count them. */
export interface ProbeFailure {
  /** namespace/name. */
  readonly pod: string;
  readonly podUid: string;
  readonly probe: 'readiness' | 'liveness' | 'startup';
  readonly reason: 'timeout' | 'refused' | 'http-status' | 'reset' | 'unreachable' | 'other';
  /** kubelet's own words. */
  readonly message: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastAtMs: number;
}

/** Unhealthy events that this node's kubelet wrote, and the server's clock when they were read. */
export interface ProbeFailures {
  readonly failures: readonly ProbeFailure[];
  readonly serverNowMs: number;
}

/** What kubelet says of its probes. */
export const probeFailures = fact<ProbeFailures>(
  'workloads/probe-failures',
  'node',
  "Unhealthy events of this node's kubelet (kept for an hour by default)",
);
