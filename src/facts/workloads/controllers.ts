import { fact } from '../../core/fact.ts';

/** A controller of pods, as the API has it. */
export interface Controller {
  readonly kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The controller of this controller: of a ReplicaSet its Deployment. */
  readonly owner: { readonly kind: string; readonly name: string } | null;
  /** How many pods are wanted; of a DaemonSet status.desiredNumberScheduled. Null: a manifest that leaves it open. */
  readonly replicas: number | null;
  /** status.readyReplicas; of a DaemonSet status.numberReady. */
  readonly ready: number;
  /** status.availableReplicas; of a DaemonSet status.numberAvailable. */
  readonly available: number;
  readonly minReadySeconds: number;
  /** Names of the containers and init containers of its pod template. */
  readonly containers: readonly string[];
  /** metadata.generation and status.observedGeneration: the status is of an older spec where they differ. */
  readonly generation: number;
  readonly observedGeneration: number;
}

/** The Deployments, ReplicaSets, StatefulSets and DaemonSets in the namespaces that are looked at. */
export const controllers = fact<readonly Controller[]>(
  'workloads/controllers',
  'cluster',
  'Deployments, ReplicaSets, StatefulSets and DaemonSets, with their replica counts',
);
