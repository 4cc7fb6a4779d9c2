import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { textAt } from '../../lib/json.ts';
import { graceSeconds, runLabel } from './pod.ts';
import { type PodRef, podPath } from './watch.ts';

/** How long deleting may take in all unless told otherwise, in milliseconds. */
export const removeLimitMs = 12_000;

/** How long one answer may take, in milliseconds: a server that was away may have forgotten the question. */
const answerLimitMs = 4000;

/** How often the pod is looked for when the answer to its creation was lost: the server may still be at it. */
const looks = 3;

const isGone = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 404 || (error.status === 409 && error.reason === 'Conflict'));

const deleteNow = async (api: KubeApi, pod: PodRef, uid: string, grace: number, timeoutMs: number): Promise<void> => {
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds: grace,
    propagationPolicy: 'Background',
    preconditions: { uid },
  };
  await api.delete(podPath(pod), body, { timeoutMs }).catch((error) => {
    if (!isGone(error)) throw error;
  });
};

interface Found {
  readonly uid: string;
  /** Its kubelet has taken it up, and is the one to end it. */
  readonly held: boolean;
}

/** The pod of this run, null if there is none. */
const find = async (
  api: KubeApi,
  pod: PodRef,
  runId: string,
  times: number,
  timeoutMs: number,
): Promise<Found | null> => {
  for (let look = 0; look < times; look++) {
    if (look > 0) await sleep(500);
    try {
      const { body } = await api.get(podPath(pod), { timeoutMs });
      const ours = textAt(body, 'metadata', 'labels', runLabel) === runId;
      return ours ? { uid: textAt(body, 'metadata', 'uid'), held: textAt(body, 'status', 'startTime') !== '' } : null;
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return null;
};

/** Who may not look may still delete. */
const findAsFarAsAllowed = async (
  api: KubeApi,
  pod: PodRef,
  runId: string,
  uid: string | null,
  timeoutMs: number,
): Promise<Found | null> => {
  try {
    return await find(api, pod, runId, uid === null ? looks : 1, timeoutMs);
  } catch (error) {
    if (uid !== null && error instanceof ApiError && error.status === 403) return { uid, held: false };
    throw error;
  }
};

/**
 * Deletes the pod, and no other one of its name; does not wait until it is gone. `uid` is null when the answer to its creation was
 * lost: then it is looked for by name and by the label of the run. With a grace of 0 it goes at once, even if its kubelet is dead; null
 * gives grace to a pod that a kubelet holds, since only the kubelet can end it, and none to one that nobody has taken up.
 * Tries again until `limitMs` are over. Throws {@link ApiError} when it could not be deleted.
 */
export const removePod = async (
  api: KubeApi,
  pod: PodRef,
  runId: string,
  uid: string | null,
  grace: number | null,
  limitMs: number = removeLimitMs,
): Promise<void> => {
  const until = Date.now() + limitMs;
  const left = (): number => Math.max(1, Math.min(answerLimitMs, until - Date.now()));
  for (let pauseMs = 250; ; pauseMs = Math.min(2 * pauseMs, 1000)) {
    try {
      const known =
        uid !== null && grace !== null
          ? { uid, held: grace > 0 }
          : await findAsFarAsAllowed(api, pod, runId, uid, left());
      if (known) await deleteNow(api, pod, known.uid, grace ?? (known.held ? graceSeconds : 0), left());
      return;
    } catch (error) {
      const hopeless = error instanceof ApiError && [400, 401, 403].includes(error.status);
      if (hopeless || Date.now() + pauseMs >= until) throw error;
      await sleep(pauseMs);
    }
  }
};
