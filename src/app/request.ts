import type { KubeFlags } from '../cluster/kubeconfig/flags.ts';
import type { PortRange, Report } from '../core/report.ts';
import type { Rights } from '../core/stream.ts';
import type { Suppressions } from '../core/suppression.ts';
import type { Progress } from '../core/transport.ts';
import type { WatchEvent, WatchNames } from '../core/watch.ts';

/** Which nodes of the cluster: by their names (at least one, each once), by a label selector, or all. */
export type NodeChoice =
  | { readonly by: 'name'; readonly names: readonly string[] }
  | { readonly by: 'selector'; readonly selector: string }
  | { readonly by: 'all' };

/** Something that is a pod or has pods, by its kind and name. */
export interface PodRef {
  readonly kind: 'pod' | 'deployment' | 'statefulset' | 'daemonset' | 'replicaset' | 'job' | 'service';
  readonly name: string;
}

/** Which pods of the cluster: what is named, or those with these labels, or all. */
export interface PodChoice {
  readonly by: 'pods';
  /** Null: all namespaces. Undefined: that of the kubeconfig's context. */
  readonly namespace?: string | null;
  readonly refs: readonly PodRef[];
  readonly selector: string | null;
}

/** Where the facts come from. */
export type Source =
  | {
      readonly kind: 'cluster';
      readonly choice: NodeChoice | PodChoice;
      /** Whether debug pods are made; without them only the API is asked. */
      readonly probe: boolean;
      /** How many nodes are read at once. */
      readonly parallel: number;
      readonly flags: KubeFlags;
      /** How long one request may take; 0: for ever. */
      readonly requestTimeoutMs?: number;
      readonly pod: PodOptions;
    }
  | { readonly kind: 'local' }
  | { readonly kind: 'bundle'; readonly path: string };

/** How the debug pod is to be. */
export interface PodOptions {
  readonly image: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  readonly imagePullSecret?: string;
  readonly namespace: string;
  readonly rights: Rights;
  /** How long it may take to start, in seconds. */
  readonly startSeconds: number;
}

/** What `netdoctor node` and `netdoctor pod` were asked. */
export interface DiagnoseRequest {
  /** What is judged: nodes, or pods with the nodes that they are on. */
  readonly about: 'nodes' | 'pods';
  readonly source: Source;
  /** How long sockets are sampled; 0 takes one sample. */
  readonly windowSeconds: number;
  /** --node-port-range, where the user knows better. */
  readonly nodePortRange?: PortRange;
  /** Ids or patterns; all checks where there are none. */
  readonly checks?: readonly string[];
  /** Problems that are not to count. */
  readonly suppress?: Suppressions;
  /** Whether what was read is watched after its report, and how long; `untilFound`: only until a connection lost its reply. */
  readonly watch?: { readonly seconds: number; readonly untilFound: boolean };
  /** Where to save the bundle. */
  readonly save?: string;
  /** A bundle of the same node: what was counted since then is judged, not what this run's window holds. */
  readonly since?: string;
}

/** Who is told what a watch sees while it lasts. */
export interface Watcher {
  /** What was found before it began. */
  readonly onReport: (report: Report) => Promise<void>;
  /** In the order in which it came; `names` tells what the cluster calls it, `node` where it was seen, null where only one is watched. */
  readonly onEvents: (events: readonly WatchEvent[], names: WatchNames, node: string | null) => Promise<void>;
}

/** What a run is given by the program around it. */
export interface RunContext {
  /** How the user calls netdoctor: "kubectl netdoctor" or "netdoctor". */
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Told the command that deletes the debug pod of a node as soon as there is one, and null when it is deleted. */
  readonly onLeftBehind: (node: string, deleteCommand: string | null) => void;
  /** Where there is none nobody asked to watch. */
  readonly watcher?: Watcher;
}
