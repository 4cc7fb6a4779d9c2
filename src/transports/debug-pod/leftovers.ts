import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { pagesOf } from '../../cluster/pages-of.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { managedBy, runLabel } from './pod.ts';
import { type Standing, standing } from './standing.ts';
import type { PodRef } from './watch.ts';

/** A pod that bears netdoctor's label. Name and namespace are the server's text, and harmless unless it is foreign. */
export interface LabelledPod extends PodRef {
  readonly uid: string;
  readonly runId: string;
  /** Who holds it even when it is deleted; mostly nobody. */
  readonly finalizers: readonly string[];
  readonly standing: Standing;
}

/** How many pods are asked for at once, as kubectl's --chunk-size. */
const pageSize = 500;

/** How long a look by the way may take, in milliseconds. */
const lookMs = 3000;

/** How many pods a sentence names. */
const namedPods = 3;

const pathOf = (namespace: string | null): string =>
  namespace === null ? '/api/v1/pods' : `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;

const labelSelector = managedBy.join('=');

const labelledPod = (pod: unknown, nowMs: number): LabelledPod => ({
  namespace: textAt(pod, 'metadata', 'namespace'),
  name: textAt(pod, 'metadata', 'name'),
  uid: textAt(pod, 'metadata', 'uid'),
  runId: textAt(pod, 'metadata', 'labels', runLabel),
  finalizers: listAt(pod, 'metadata', 'finalizers').filter((f) => typeof f === 'string'),
  standing: standing(pod, nowMs),
});

/** All pods with netdoctor's label in a namespace (null: in all of them), judged by the server's clock. Throws ApiError. */
export const labelledPods = async (
  api: KubeApi,
  namespace: string | null,
  signal: AbortSignal,
): Promise<readonly LabelledPod[]> => {
  const pods: LabelledPod[] = [];
  const path = `${pathOf(namespace)}?${new URLSearchParams({ labelSelector })}`;
  for await (const { body, dateMs } of pagesOf((page) => api.get(page, { signal }), path, pageSize))
    pods.push(...listAt(body, 'items').map((pod) => labelledPod(pod, dateMs)));
  return pods;
};

/** The sentence about leftovers in a namespace that a run tells its user, or null where there are none. */
const sentence = (names: readonly string[], namespace: string, kubectl: string): string | null => {
  if (names.length === 0) return null;
  const where = namespace === 'kube-system' ? '' : ` --namespace ${namespace}`;
  // kubectl takes no flags before the name of a plugin
  const command = kubectl.replace(/^kubectl/, 'kubectl netdoctor cleanup') + where;
  const [what, it] =
    names.length === 1
      ? ['1 debug pod of an earlier run is', 'it']
      : [`${names.length} debug pods of earlier runs are`, 'them'];
  const more = names.length > namedPods ? ` and ${names.length - namedPods} more` : '';
  return `${what} left in ${namespace}: ${names.slice(0, namedPods).join(', ')}${more}; \`${command}\` removes ${it}`;
};

/**
 * What a run says of debug pods that earlier runs left in its namespace, or null. One request, answered from the server's cache; where it
 * fails or may not be made, null. `kubectl` is how to call kubectl for this cluster. Throws only the signal's reason.
 */
export const leftoversNote = async (
  api: KubeApi,
  namespace: string,
  kubectl: string,
  signal: AbortSignal,
): Promise<string | null> => {
  try {
    const query = new URLSearchParams({ labelSelector, resourceVersion: '0' });
    const { body, dateMs } = await api.get(`${pathOf(namespace)}?${query}`, { signal, timeoutMs: lookMs });
    const left = listAt(body, 'items').map((pod) => labelledPod(pod, dateMs));
    const names = left.filter((pod) => pod.standing.kind === 'leftover').map((pod) => pod.name);
    return sentence(names.sort(), namespace, kubectl);
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
};
