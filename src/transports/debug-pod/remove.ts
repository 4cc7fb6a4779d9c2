import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { textAt } from '../../lib/json.ts';
import { type PodRef, podPath } from './watch.ts';

/** How long deleting may take in all, in milliseconds. */
const removeLimitMs = 10_000;

/** How often the pod is looked for when the answer to its creation was lost: the server may still be at it. */
const looks = 3;

const isGone = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 404 || (error.status === 409 && error.reason === 'Conflict'));

const deleteNow = async (
  api: KubeApi,
  pod: PodRef,
  uid: string,
  graceSeconds: number,
  timeoutMs: number,
): Promise<void> => {
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds: graceSeconds,
    propagationPolicy: 'Background',
    preconditions: { uid },
  };
  await api.delete(podPath(pod), body, { timeoutMs }).catch((error) => {
    if (!isGone(error)) throw error;
  });
};

const findUid = async (api: KubeApi, pod: PodRef, runId: string, timeoutMs: number): Promise<string | null> => {
  for (let look = 0; look < looks; look++) {
    if (look > 0) await sleep(500);
    try {
      const { body } = await api.get(podPath(pod), { timeoutMs });
      const ours = textAt(body, 'metadata', 'labels', 'netdoctor.io/run') === runId;
      return ours ? textAt(body, 'metadata', 'uid') : null;
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return null;
};

/**
 * Deletes the pod, and no other one of its name; does not wait until it is gone. `uid` is null when the answer to its creation was
 * lost: then it is looked for by name and by the label of the run. With a grace of 0 it goes at once, even if its kubelet is dead. Throws {@link ApiError} when it could not be deleted.
 */
export const removePod = async (
  api: KubeApi,
  pod: PodRef,
  runId: string,
  uid: string | null,
  graceSeconds: number,
): Promise<void> => {
  const until = Date.now() + removeLimitMs;
  const left = (): number => Math.max(1, until - Date.now());
  for (let attempt = 0; ; attempt++) {
    try {
      const known = uid ?? (await findUid(api, pod, runId, left()));
      if (known) await deleteNow(api, pod, known, graceSeconds, left());
      return;
    } catch (error) {
      const hopeless = error instanceof ApiError && [400, 401, 403].includes(error.status);
      if (hopeless || attempt >= 4 || left() < 1000) throw error;
      await sleep(Math.min(250 * 2 ** attempt, left()));
    }
  }
};
