import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { readPages } from '../kube-api/pages.ts';
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
  const path = `${pathOf(namespace)}?${new URLSearchParams({ labelSelector })}`;
  return await readPages(api, path, signal, async (pages) => {
    const pods: LabelledPod[] = [];
    for await (const { body, dateMs } of pages)
      pods.push(...listAt(body, 'items').map((pod) => labelledPod(pod, dateMs)));
    return pods;
  });
};

const cleanupFor = (namespace: string, command: string): string =>
  `${command}${namespace === 'kube-system' ? '' : ` --namespace ${namespace}`}`;

/** The sentence about leftovers in a namespace that a run tells its user, or null where there are none. */
const sentence = (names: readonly string[], namespace: string, command: string): string | null => {
  if (names.length === 0) return null;
  const [what, it] =
    names.length === 1
      ? ['1 debug pod of an earlier run is', 'it']
      : [`${names.length} debug pods of earlier runs are`, 'them'];
  const more = names.length > namedPods ? ` and ${names.length - namedPods} more` : '';
  const listed = `${names.slice(0, namedPods).join(', ')}${more}`;
  return `${what} left in ${namespace}: ${listed}; \`${cleanupFor(namespace, command)}\` removes ${it}`;
};

/**
 * What a run says of debug pods that earlier runs left in its namespace, or null. One request, answered from the server's cache; where it
 * fails or may not be made, null. `command` is how to call `netdoctor cleanup` for this cluster. Throws only the signal's reason.
 */
export const leftoversNote = async (
  api: KubeApi,
  namespace: string,
  command: string,
  signal: AbortSignal,
): Promise<string | null> => {
  try {
    const query = new URLSearchParams({ labelSelector, resourceVersion: '0' });
    const { body, dateMs } = await api.get(`${pathOf(namespace)}?${query}`, { signal, timeoutMs: lookMs });
    const left = listAt(body, 'items').map((pod) => labelledPod(pod, dateMs));
    const names = left.filter((pod) => pod.standing.kind === 'leftover').map((pod) => pod.name);
    return sentence(names.sort(), namespace, command);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.kind === 'too-large'
      ? `hundreds of debug pods of earlier runs are left in ${namespace}; \`${cleanupFor(namespace, command)}\` removes them`
      : null;
  }
};
