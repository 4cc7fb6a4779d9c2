import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { TransportError } from '../../core/transport.ts';
import { imageAdvice, type Place } from './advice.ts';
import { followLog } from './log.ts';
import { imagesOnNode, impossibleNode, whyNotStarted } from './not-started.ts';
import { type PodState, podState } from './state.ts';
import { type PodRef, watchPod } from './watch.ts';

/** What waiting for the log depends on. */
export interface Waiting {
  readonly api: KubeApi;
  readonly pod: PodRef;
  readonly place: Place;
  readonly image: string;
  /** The resourceVersion of the pod as it was created. */
  readonly since: string;
  readonly timeoutSeconds: number;
  readonly onState: (text: string) => void;
}

/** How long after the pod's start the log is asked for again if it is not there, in milliseconds. */
const retryMs = 50;
/** How often the log is asked for while no start is seen, in milliseconds: for those who may read logs but not pods. */
const blindRetryMs = 1000;
/** When a start is slow enough to look at the node, in milliseconds. */
const slowMs = 2000;

const failure = async (w: Waiting, state: PodState & { readonly kind: 'failed' }): Promise<TransportError> => {
  const { node } = w.place;
  const name = `${w.pod.namespace}/${w.pod.name}`;
  switch (state.because) {
    case 'image': {
      const others = await imagesOnNode(w.api, node, w.image);
      return new TransportError(`node ${node} cannot get the image ${w.image}: ${state.text}\n${imageAdvice(others)}`);
    }
    case 'container':
      return new TransportError(
        `the debug pod ${name} (image ${w.image}) cannot start on ${node}: ${state.text}\n` +
          'It needs an image with a POSIX shell: name one with --image.',
      );
    case 'node':
      return new TransportError(`node ${node} refused the debug pod ${name}: ${state.text}`);
    case 'deleted': {
      const why = await impossibleNode(w.api, node);
      if (why !== null) return new TransportError(why);
      return new TransportError(`the debug pod ${name} ended before it started: ${state.text}`);
    }
  }
};

const deleted: PodState = { kind: 'failed', because: 'deleted', text: 'somebody or something deleted the pod' };

/** Resolves when the container is seen to have started; throws when it never will. */
const seeStart = async (w: Waiting, signal: AbortSignal): Promise<void> => {
  let told = '';
  for await (const pod of watchPod(w.api, w.pod, w.since, signal)) {
    const state = pod === null ? deleted : podState(pod);
    if (state.kind === 'started') return;
    if (state.kind === 'failed') throw await failure(w, state);
    if (state.text !== told) w.onState(state.text);
    told = state.text;
  }
};

/** Asks for the log until it is there; the sooner the start is seen, the sooner. */
const openLog = async (w: Waiting, started: Promise<void>, waiting: AbortSignal, follow: AbortSignal) => {
  let seen = false;
  let complaint = '';
  const start = started.then(() => {
    seen = true;
  });
  start.catch(() => undefined);
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: waiting });
  await Promise.race([start, pause(blindRetryMs)]);
  for (;;) {
    try {
      return await followLog(w.api, w.pod, follow);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 403 || error.status === 401) {
        throw new TransportError(
          `cannot read the log of the debug pod ${w.pod.namespace}/${w.pod.name}: ${error.message}`,
        );
      }
      if (error.status === 404 && error.message.includes('pods "')) throw await failure(w, deleted);
      if ((error.status === 0 || (seen && error.status >= 500)) && error.message !== complaint) {
        complaint = error.message;
        w.onState(complaint);
      }
    }
    await (seen ? pause(retryMs) : Promise.race([start, pause(blindRetryMs)]));
  }
};

/**
 * Waits for the debug pod's container and begins to follow its log. Throws {@link TransportError} as soon as it is known that the
 * pod will not start, or when it has not within the time; the signal's reason when it is aborted.
 */
export const startedLog = async (w: Waiting, follow: AbortSignal): Promise<AsyncIterable<string>> => {
  const stop = new AbortController();
  const signal = AbortSignal.any([follow, stop.signal]);
  const never = new Promise<never>(() => undefined);
  const started = seeStart(w, signal);
  const tooLate = sleep(w.timeoutSeconds * 1000, undefined, { signal }).then(async () => {
    throw new TransportError(await whyNotStarted(w.api, w.pod, w.place, w.timeoutSeconds));
  });
  const noNode = sleep(slowMs, undefined, { signal }).then(async () => {
    const why = await impossibleNode(w.api, w.place.node);
    if (why !== null) throw new TransportError(why);
    return never;
  });
  const failing = started.then(() => never);
  for (const p of [tooLate, noNode, failing]) p.catch(() => undefined);
  try {
    return await Promise.race([openLog(w, started, signal, follow), failing, tooLate, noNode]);
  } catch (error) {
    throw follow.aborted ? follow.reason : error;
  } finally {
    stop.abort();
  }
};
