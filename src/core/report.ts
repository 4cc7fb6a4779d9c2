import type { Finding } from './finding.ts';
import type { Target } from './target.ts';

/** An inclusive range of ports. */
export type PortRange = readonly [from: number, to: number];

/** The picture of a node's port space. */
export interface PortSpace {
  readonly ephemeral: PortRange;
  readonly reserved: readonly PortRange[];
  readonly nodePortRange: PortRange | null;
  readonly nodePorts: readonly number[];
  readonly victims: readonly number[];
}

/** What the header says about a target; null where it is not known. */
export interface TargetSummary extends Target {
  /** How the node was read; `kube-api`: not at all, only the API was asked about it; `none`: nothing is known of it. */
  readonly via: 'debug-pod' | 'local' | 'bundle' | 'kube-api' | 'none';
  /** Why the node itself could not be read (it is not ready, its pod was refused, …); null where it was. */
  readonly unread: string | null;
  readonly kernel: string | null;
  readonly kubeProxyMode: string | null;
  readonly portSpace: PortSpace | null;
}

/** One report for all targets; JSON schema in docs/report.schema.json. */
export interface Report {
  readonly apiVersion: 'netdoctor/v1';
  readonly kind: 'Report';
  /** The kubeconfig context and its cluster, null in a pod or with --server alone; all of it null without API. */
  readonly context: { readonly name: string | null; readonly cluster: string | null; readonly server: string } | null;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly targets: readonly TargetSummary[];
  readonly findings: readonly Finding[];
}
