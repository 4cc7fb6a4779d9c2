import type { PodName } from '../core/watch.ts';
import { podOf } from './pod.ts';

/** Whether a pod is Ready, and who says so. */
interface Readiness {
  readonly pod: PodName;
  readonly node: string | null;
  /** Null where its Ready condition is not there yet. */
  readonly ready: boolean | null;
  /** The field manager that wrote the condition's status, "kubelet"; null where managedFields do not say. */
  readonly by: string | null;
  /** Reason and message of the condition; null where it has neither, as the node lifecycle controller leaves it. */
  readonly why: string | null;
  /** It is being deleted, or has done its work: that it is not Ready is no news. */
  readonly leaving: boolean;
}

const longestText = 300;

/** Names in Kubernetes have at most 253 characters (kubernetes.io, "Object Names and IDs"), field managers 128. */
const longestName = 253;

/** The readiness of a Pod of the API. Total. */
export const readiness = (object: unknown): Readiness => {
  const pod = podOf(object, null);
  const condition = pod.conditions.find((c) => c.type === 'Ready');
  const why = [condition?.reason ?? '', condition?.message ?? ''].filter((t) => t !== '').join(', ');
  return {
    pod: { namespace: pod.namespace.slice(0, longestName), name: pod.name.slice(0, longestName) },
    node: pod.node,
    ready: condition === undefined ? null : condition.status === 'True',
    by: condition?.writer?.manager.slice(0, longestName) || null,
    why: why.slice(0, longestText) || null,
    leaving: pod.deletion !== null || pod.phase === 'Succeeded',
  };
};
