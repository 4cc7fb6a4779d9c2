import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { watched } from '../kube-api/watched.ts';

/** Where a pod is. */
export interface PodRef {
  readonly namespace: string;
  readonly name: string;
}

/** The path of a pod in the API. */
export const podPath = (pod: PodRef): string => `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`;

const pollMs = 500;

async function* changes(api: KubeApi, pod: PodRef, since: string, signal: AbortSignal): AsyncGenerator<unknown, void> {
  const query = `watch=true&fieldSelector=metadata.name%3D${pod.name}&resourceVersion=${encodeURIComponent(since)}`;
  for await (const e of await watched(api, `/api/v1/namespaces/${pod.namespace}/pods?${query}`, signal)) {
    if (e.type === '' || e.type === 'ERROR') return;
    if (e.type === 'DELETED') {
      yield null;
      return;
    }
    if (e.type !== 'BOOKMARK') yield e.object;
  }
}

/**
 * The pod as it changes, from `since` (a resourceVersion) on, until the signal is aborted; null once it is gone. Where watching is
 * not allowed or breaks off, it is asked for twice a second. Where getting is not allowed either, nothing comes.
 */
export async function* watchPod(
  api: KubeApi,
  pod: PodRef,
  since: string,
  signal: AbortSignal,
): AsyncGenerator<unknown, void> {
  try {
    yield* changes(api, pod, since, signal);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  for (;;) {
    try {
      yield (await api.get(podPath(pod), { signal })).body;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) {
        yield null;
        return;
      }
    }
    await sleep(pollMs, undefined, { signal });
  }
}
