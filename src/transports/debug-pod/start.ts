import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { TransportError } from '../../core/transport.ts';
import { textAt } from '../../lib/json.ts';
import { imageAdvice, type Place } from './advice.ts';
import { createJudge, type Fault } from './fault.ts';
import { foreignOs } from './foreign-os.ts';
import { followLog } from './log.ts';
import { eventsOf, imagesOnNode, impossibleNode, runtimeSilence, whyNotStarted } from './not-started.ts';
import { createPatience, runtimePatienceMs } from './patience.ts';
import { isRuntimeDown, readyOf } from './ready.ts';
import { refusalAdvice } from './refusal-advice.ts';
import { type PodState, podState } from './state.ts';
import { isPodGone, type Vitals, vitals } from './vitals.ts';
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
  /** The kubelet has taken the pod up: from now on it is the kubelet that ends it. */
  readonly onTaken: () => void;
  /** Told what made the waiting vain, before it is thrown. */
  readonly onFault: (fault: Fault) => void;
}

/** How long after the pod's start the log is asked for again if it is not there, in milliseconds. */
const retryMs = 50;
/** How often the log is asked for while no start is seen, in milliseconds: for those who may read logs but not pods. */
const blindRetryMs = 1000;
/** When a start is slow enough to look at the node, in milliseconds. */
const slowMs = 2000;
/** How long after a look the next one is taken, in milliseconds. */
const lookMs = 1000;

const noPod = 'On the node itself, netdoctor node --local or the program of --emit-collector needs no pod.';

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
      return new TransportError(
        `node ${node} refused the debug pod ${name}: ${state.text}\n${refusalAdvice(state.text)}`,
      );
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
    if (textAt(pod, 'status', 'startTime') !== '') w.onTaken();
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
      if (isPodGone(error)) throw await failure(w, deleted);
      if ((error.status === 0 || (seen && error.status >= 500)) && error.message !== complaint) {
        complaint = error.message;
        w.onState(complaint);
      }
    }
    await (seen ? pause(retryMs) : Promise.race([start, pause(blindRetryMs)]));
  }
};

const vain = (w: Waiting, fault: Fault, seen: Vitals): TransportError => {
  const { node } = w.place;
  const name = `${w.pod.namespace}/${w.pod.name}`;
  switch (fault.by) {
    case 'server':
      return new TransportError(`waiting for the debug pod ${name}: ${fault.text}`);
    case 'node':
    case 'pod':
      return new TransportError(fault.text);
    case 'kubelet': {
      const runs = podState(seen.pod).kind === 'started';
      const taken = textAt(seen.pod, 'status', 'startTime') !== '';
      const far = runs
        ? `runs on ${node}, but its log could not be read`
        : taken
          ? `does not start on ${node}`
          : `was not taken up`;
      return new TransportError(
        `the debug pod ${name} ${far}: ${fault.text}\n` +
          (taken
            ? `The kubelet of ${node} may have died, or the API server cannot reach it (port 10250 of the node).\n`
            : `The kubelet of ${node} may be dead or hang: look at it on the node (systemctl status kubelet).\n`) +
          noPod,
      );
    }
  }
};

/** Tells, of one look after another, why the node's container runtime starts nothing; null while that is not known, or may be a restart. */
const createRuntimeJudge = (w: Waiting): ((seen: Vitals, events: readonly unknown[]) => string | null) => {
  const patience = createPatience(runtimePatienceMs);
  return (seen, events) => {
    const waiting = podState(seen.pod).kind === 'waiting';
    const silence = waiting ? runtimeSilence(events) : null;
    const ready = readyOf(seen.node);
    const tired = silence !== null && patience.fails(seen.began);
    if (silence === null) patience.heals();
    const why = waiting && isRuntimeDown(ready) ? (silence ?? ready?.message) : tired ? silence : null;
    if (!why) return null;
    return (
      `the debug pod ${w.pod.namespace}/${w.pod.name} cannot start: the container runtime of ${w.place.node} does not answer: ${why}\n` +
      `If it was only restarted, run this again; otherwise look at it on the node (systemctl status containerd, or crio).\n${noPod}`
    );
  };
};

/** Looks every few seconds, once the start is slow, whether it will ever come; tells what it seems to wait for. Throws when it is vain. */
const oversee = async (w: Waiting, signal: AbortSignal): Promise<never> => {
  const judge = createJudge(w.place.node);
  const judgeRuntime = createRuntimeJudge(w);
  for (let pauseMs = slowMs; ; pauseMs = lookMs) {
    await sleep(pauseMs, undefined, { signal });
    const [seen, events] = await Promise.all([
      vitals(w.api, w.pod, w.place.node, signal),
      eventsOf(w.api, w.pod, signal),
    ]);
    const foreign = foreignOs(w.place.node, seen.node);
    if (foreign !== null) throw new TransportError(foreign);
    const fault = judge(seen);
    if (fault) {
      w.onFault(fault);
      throw vain(w, fault, seen);
    }
    const down = judgeRuntime(seen, events.list);
    if (down !== null) throw new TransportError(down);
    const state = podState(seen.pod);
    const ready = readyOf(seen.node);
    const unready =
      ready && ready.status !== 'True' ? `node ${w.place.node} is not ready (${ready.status}): ${ready.message}` : '';
    const words = [
      seen.pod !== null && state.kind === 'waiting' ? state.text : '',
      unready,
      events.words.at(-1) ?? '',
      seen.server ?? seen.kubelet ?? '',
    ];
    const text = words.filter((word) => word !== '').join('; ');
    if (text !== '') w.onState(text);
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
  const overseen = oversee(w, signal);
  const failing = started.then(() => never);
  for (const p of [tooLate, overseen, failing]) p.catch(() => undefined);
  try {
    return await Promise.race([openLog(w, started, signal, follow), failing, tooLate, overseen]);
  } catch (error) {
    throw follow.aborted ? follow.reason : error;
  } finally {
    stop.abort();
  }
};
