import { fact } from '../../core/fact.ts';

/** A container of such a pod, by its status. */
export interface SystemContainer {
  readonly name: string;
  /** Of an init container that ends before the others begin. */
  readonly init: boolean;
  readonly ready: boolean;
  /** Milliseconds since 1970; null where it does not run. */
  readonly runningSinceMs: number | null;
  /** Why it does not run, where it waits: "CrashLoopBackOff"; the message at most 200 characters. */
  readonly waiting: { readonly reason: string; readonly message: string } | null;
  readonly restarts: number;
  readonly lastTerminated: {
    readonly exitCode: number;
    readonly reason: string;
    readonly finishedAtMs: number | null;
  } | null;
}

/** A pod of the node with what tells what it is and how it fares. */
export interface SystemPod {
  readonly namespace: string;
  readonly name: string;
  /** Of `k8s-app`, `app.kubernetes.io/name`, `app`, `component` and `name`, those that it has. */
  readonly labels: readonly string[];
  readonly owner: { readonly kind: string; readonly uid: string } | null;
  /** A static pod, of which the API has a mirror. */
  readonly mirror: boolean;
  readonly phase: string;
  /** Marked for deletion. */
  readonly leaving: boolean;
  readonly createdAtMs: number | null;
  readonly containers: readonly SystemContainer[];
}

/** The pods of this node with the states of their containers, and the server's clock. */
export interface SystemPods {
  readonly nowMs: number;
  readonly pods: readonly SystemPod[];
}

/** How the node's pods fare, by the API. */
export const systemPods = fact<SystemPods>(
  'node/system-pods',
  'node',
  "the node's pods: what they are by name and label, and their containers' states and restarts",
);
