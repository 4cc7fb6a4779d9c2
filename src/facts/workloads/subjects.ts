import { fact } from '../../core/fact.ts';

/** Who wrote a field last, by the server's managedFields. */
export interface Writer {
  /** "kubelet", "kube-controller-manager", … */
  readonly manager: string;
  /** Milliseconds since 1970. */
  readonly atMs: number | null;
}

/** One condition of a pod's status. */
export interface PodCondition {
  readonly type: string;
  /** "True", "False" or "Unknown". */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** Its lastTransitionTime, milliseconds since 1970. */
  readonly sinceMs: number | null;
  readonly writer: Writer | null;
}

/** What runs before the stop signal is sent; `command` is the hook's own argv. */
export type Hook =
  | { readonly kind: 'sleep'; readonly seconds: number }
  | { readonly kind: 'exec'; readonly command: readonly string[] }
  | { readonly kind: 'http' | 'tcp' };

/** How a container ended the last time it ran in this pod. */
export interface Terminated {
  readonly exitCode: number;
  /** "Error", "Completed", "OOMKilled", … */
  readonly reason: string;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

/** What the kubelet says of a container. */
export interface ContainerStatus {
  /** Without the runtime's prefix; empty before the first start. */
  readonly id: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly running: boolean;
  readonly runningSinceMs: number | null;
  readonly restarts: number;
  /** Its last end in this pod; null if it never ended. */
  readonly lastTerminated: Terminated | null;
  /** The effective stop signal, where the runtime tells it (Kubernetes 1.33 and later, gate ContainerStopSignals). */
  readonly stopSignal: string | null;
  /** "docker.io/library/x@sha256:…" or "sha256:…". */
  readonly imageId: string;
}

/** A probe of a container, as far as netdoctor needs it. */
export interface ContainerProbe {
  /** Its own terminationGracePeriodSeconds, which counts when this probe kills the container; null: the pod's. */
  readonly graceSeconds: number | null;
}

/** A container of a pod: `sidecar` is an init container with restartPolicy Always (KEP-753). Other init containers are left out. */
export interface PodContainer {
  readonly name: string;
  readonly kind: 'main' | 'sidecar';
  /** Where it stands below the pod's `spec`: `containers`, 0. */
  readonly path: readonly [list: 'containers' | 'initContainers', index: number];
  readonly ports: readonly { readonly port: number; readonly name: string; readonly protocol: string }[];
  readonly preStop: Hook | null;
  /** lifecycle.stopSignal of the spec. */
  readonly stopSignal: string | null;
  readonly readiness: ContainerProbe | null;
  readonly liveness: ContainerProbe | null;
  readonly startup: ContainerProbe | null;
  /** Null in a manifest, and before the kubelet has said anything. */
  readonly status: ContainerStatus | null;
}

/** A toleration; `seconds` is tolerationSeconds, null for ever. */
export interface Toleration {
  readonly key: string;
  readonly operator: string;
  readonly effect: string;
  readonly seconds: number | null;
}

/** A pod that is judged, by the API or by the template of a manifest. */
export interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its controller. */
  readonly owner: { readonly kind: string; readonly name: string; readonly uid: string } | null;
  /** A static pod's mirror: what the API has is not what the kubelet runs by. */
  readonly mirror: boolean;
  readonly node: string | null;
  /** "Pending", "Running", "Succeeded", "Failed", "Unknown"; empty in a manifest. */
  readonly phase: string;
  readonly createdAtMs: number | null;
  /** While it is being deleted: when that was asked for, and the grace that was granted. */
  readonly deletion: { readonly atMs: number; readonly graceSeconds: number } | null;
  readonly hostNetwork: boolean;
  readonly hostPid: boolean;
  readonly shareProcessNamespace: boolean;
  readonly runtimeClass: string | null;
  /** spec.os.name; empty where it is not said. */
  readonly os: string;
  /** "Always", "OnFailure", "Never". */
  readonly restartPolicy: string;
  /** terminationGracePeriodSeconds of the pod. */
  readonly graceSeconds: number;
  readonly readinessGates: readonly string[];
  readonly tolerations: readonly Toleration[];
  readonly conditions: readonly PodCondition[];
  readonly containers: readonly PodContainer[];
  /** The server's clock when this was read, milliseconds since 1970; null in a manifest. */
  readonly nowMs: number | null;
}

/** The pods that are judged: those that the user named or selected. */
export const subjects = fact<readonly Subject[]>(
  'workloads/subjects',
  'cluster',
  'the chosen pods: their containers, hooks, probes and conditions',
);
