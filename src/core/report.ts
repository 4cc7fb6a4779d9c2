import type { Finding } from './finding.ts';

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

/** What the header says about a node; null where it is not known. */
export interface NodeSummary {
  readonly kind: 'node';
  readonly name: string;
  /** How the node was read; `kube-api`: not at all, only the API was asked about it; `none`: nothing is known of it. */
  readonly via: 'debug-pod' | 'local' | 'bundle' | 'kube-api' | 'none';
  /** Why the node itself could not be read (it is not ready, its pod was refused, …); null where it was. */
  readonly unread: string | null;
  readonly kernel: string | null;
  readonly kubeProxyMode: string | null;
  readonly portSpace: PortSpace | null;
}

/** A process of a container, and what the stop signal does with it. */
export interface ProcessNode {
  /** In its own PID namespace where that is known, else the node's. */
  readonly pid: number;
  /** Its program and harmless first words: "sh -c", "node server.js". */
  readonly command: string;
  /** `runtime`: the runtime sends it the signal; `init`: its init passes it on; `none`: nobody does. */
  readonly signalFrom: 'runtime' | 'init' | 'none';
  /** What becomes of it, in a clause: "catches it", "ignores it: no handler, and PID 1", "killed when PID 1 ends". */
  readonly fate: string;
  /** ok: it gets the signal and reacts; lost: it does not; unsure: that cannot be seen. */
  readonly state: 'ok' | 'lost' | 'unsure';
  readonly children: readonly ProcessNode[];
}

/** A container of a pod as its process tree shows it. */
export interface ContainerTree {
  readonly name: string;
  /** Why there is no tree; null where there is one. */
  readonly unseen: string | null;
  readonly roots: readonly ProcessNode[];
  /** How many processes are not in the tree, since there are too many. */
  readonly left: number;
}

/** What happens to one container when its pod is deleted; times in seconds after that. */
export interface ContainerEnd {
  readonly name: string;
  readonly kind: 'main' | 'sidecar';
  /** The hook; `seconds` is null where nobody knows how long it takes, and `atLeast` says that it may take longer. */
  readonly preStop: {
    readonly what: string;
    readonly seconds: number | null;
    readonly atLeast: boolean;
    /** Whether its program is there; null where that could not be seen. */
    readonly runs: boolean | null;
  } | null;
  /** "SIGTERM"; null where it is not known which. */
  readonly stopSignal: string | null;
  /** When the signal is sent; null where the hook's time is not known, or a sidecar waits for the main containers. */
  readonly signalAt: number | null;
  /** Whether it ends by itself; `unsure` where that cannot be seen. */
  readonly reacts: 'yes' | 'no' | 'unsure';
  /** When it is killed at the latest. */
  readonly killAt: number;
}

/** The termination of a pod with its own numbers; times in seconds after the deletion. */
export interface Termination {
  readonly graceSeconds: number;
  /** Services whose traffic must be led away first: "shop/web". */
  readonly services: readonly string[];
  /** How long traffic may still come after the deletion; null where there is no Service. An estimate: no component promises it. */
  readonly trafficUntil: number | null;
  readonly containers: readonly ContainerEnd[];
  /** Where traffic or work is lost, and why. */
  readonly losses: readonly { readonly from: number; readonly to: number; readonly why: string }[];
}

/** What the header says about a pod; null where it is not known. */
export interface PodSummary {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly name: string;
  /** How its node was read, as with nodes; `kube-api`: the API alone was asked. */
  readonly via: NodeSummary['via'];
  readonly unread: string | null;
  readonly node: string | null;
  /** "Deployment/web"; null for a pod of its own. */
  readonly workload: string | null;
  readonly phase: string;
  /** Its Ready condition; null where nobody has said yet. */
  readonly ready: boolean | null;
  /** It is being deleted. */
  readonly deleting: boolean;
  /** Containers that are ready, and all that count. */
  readonly readyContainers: readonly [ready: number, all: number];
  readonly processes: readonly ContainerTree[];
  readonly termination: Termination | null;
}

/** A pod template of a manifest that was judged. */
export interface ManifestSummary {
  readonly kind: 'manifest';
  readonly namespace: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** What the header says about a target. */
export type TargetSummary = NodeSummary | PodSummary | ManifestSummary;

/** A watch of a node that did not come to its end. */
export interface Unwatched {
  readonly node: string;
  /** For how long it was watched, in seconds; null: not at all. */
  readonly seconds: number | null;
  /** What ended it, as a clause; null where nobody knows. */
  readonly why: string | null;
}

/** One report for all targets; JSON schema in docs/report.schema.json. */
export interface Report {
  readonly apiVersion: 'netdoctor/v1';
  readonly kind: 'Report';
  /** The kubeconfig context and its cluster, null in a pod or with --server alone; all of it null without API. */
  readonly context: { readonly name: string | null; readonly cluster: string | null; readonly server: string } | null;
  /** When the reading began, RFC 3339; of a bundle that tells it when that was read. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly targets: readonly TargetSummary[];
  readonly findings: readonly Finding[];
  /** Nodes whose watch (--watch-for) did not come to its end; left out where there are none. */
  readonly unwatched?: readonly Unwatched[];
  /** What could not be read and so is no target, each with its reason: "web.yaml:12: …". None where this is missing. */
  readonly broken?: readonly string[];
}
