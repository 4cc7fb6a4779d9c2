import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import type { Capability } from '../../core/read.ts';
import type { Rights } from '../../core/stream.ts';
import type { Progress } from '../../core/transport.ts';
import { raceBeside } from '../../lib/race-beside.ts';
import { silenceJudge, whyEarly } from '../debug-pod/early-end.ts';
import type { Fault } from '../debug-pod/fault.ts';
import { createKeeper, type KeeperOptions } from '../debug-pod/keeper.ts';
import { followLog, resumedLog } from '../debug-pod/log.ts';
import { createVigil } from '../debug-pod/vigil.ts';
import { type WatchFrame, type WatchOver, watchFrames } from './frames.ts';
import { writeWatch } from './program.ts';

/** How a node is watched by a pod. */
export interface PodWatchOptions extends Omit<KeeperOptions, 'deadlineSeconds' | 'graceSeconds'> {
  readonly rights: Rights;
  /** Unguessable letters and digits; marks the frames. */
  readonly nonce: string;
  /** How long it lasts, in seconds. */
  readonly seconds: number;
  /** Whether the node has tracefs mounted; where it has not, or nobody knows, the pod has to mount it, which needs SYS_ADMIN. */
  readonly tracefsMounted: boolean;
}

/** What a watch of one node is made of. */
export interface PodWatchParts {
  readonly api: KubeApi;
  readonly node: string;
  readonly options: PodWatchOptions;
  readonly onProgress: (progress: Progress) => void;
  /** Told the command that deletes the pod as soon as there may be one, and null when it is deleted. */
  readonly onLeftBehind: (deleteCommand: string | null) => void;
  /** The program, for tests. */
  readonly write?: typeof writeWatch;
}

/** How long the program may take to remove its instance once its pod is deleted, in seconds. */
const graceSeconds = 10;

/** How much longer than the watch its pod lives: the program's own watchdog comes first. In seconds. */
const spareSeconds = 30;

/** For how long what the end of a watch said is waited for, where the API server is away just then, in seconds. */
const lateSeconds = 60;

/** How many looks, one a second, what is left of its log may take to come once the pod has ended: it is asked for anew every two seconds. */
const restLooks = 5;

/** How much further back than the last frame a log is read again, in seconds: longer than it may take until the kubelet hears of it. */
const overlapSeconds = 15;

/** How long ago, by the node's clock, the frame that came last was written. */
const createAge = () => {
  let lastSeconds: number | null = null;
  // of the frames the one that was the fastest tells best; not performance.now, which stands still while a laptop sleeps
  let aheadSeconds = Number.POSITIVE_INFINITY;
  const now = (): number => Date.now() / 1000;
  return {
    saw: ({ atSeconds }: WatchFrame): void => {
      lastSeconds = atSeconds;
      aheadSeconds = Math.min(aheadSeconds, now() - atSeconds);
    },
    /** Null where none came. */
    seconds: (): number | null => (lastSeconds === null ? null : Math.max(0, now() - aheadSeconds - lastSeconds)),
  };
};

/**
 * Root without any capability sees what a watch without tracepoints needs. SYS_PTRACE leads to tracefs by /proc/1/root; SYS_ADMIN mounts it in a mount namespace
 * of the watch's own, where the node has none.
 */
const capabilitiesOf = ({ rights, tracefsMounted }: PodWatchOptions): readonly Capability[] => {
  if (rights === 'minimal') return [];
  return rights === 'full' || !tracefsMounted ? ['SYS_ADMIN', 'SYS_PTRACE'] : ['SYS_PTRACE'];
};

/**
 * Watches a node by a pod on it, until the time is over or the signal comes; an abort ends it without an error. A connection that breaks off, an API
 * server or a kubelet that is away are told and borne as long as the watch lasts: the pod goes on, and its log is read from where it was. Where something ends the watch
 * before its time (the pod or the node is gone) its end says what. The pod is deleted in every ending. Throws {@link TransportError} where
 * the pod is refused or does not start.
 */
export async function* watchByPod(parts: PodWatchParts, user: AbortSignal): AsyncGenerator<WatchFrame, WatchOver> {
  const { api, node, options: o, write = writeWatch } = parts;
  const id = 'script:watch/events';
  const over = new AbortController();
  const signal = AbortSignal.any([user, over.signal]);
  const keeper = createKeeper({ ...parts, options: { ...o, graceSeconds, deadlineSeconds: o.seconds + spareSeconds } });
  const note = (text: string): void => parts.onProgress({ kind: 'note', text });
  try {
    const program = write({ nonce: o.nonce, runId: o.runId, seconds: o.seconds, hostRoot: '/host' }, id);
    const { pod, log } = await keeper.start(program, capabilitiesOf(o), 'watching', signal);

    let told = '';
    const trouble = (why: string): void => {
      if (told === '') note(`${node}: the watch goes on, but what it says does not come: ${why}; trying again`);
      told = why;
    };
    const whose = { api, pod, node, signal };
    const judgeSilence = silenceJudge(whose, restLooks);
    let waits = false;
    const vigil = createVigil(() => {
      const look = judgeSilence();
      return async () => {
        // while our reader is busy, silence is no fault
        if (!waits) return null;
        const found = await look();
        if (found?.by !== 'server' && found?.by !== 'kubelet') return found;
        keeper.fault = found;
        trouble(found.text);
        return null;
      };
    }, signal);
    const limit = o.seconds + lateSeconds;
    const began = performance.now();
    let busyMs = 0;
    const tooLate = async (): Promise<Fault> => {
      for (;;) {
        const restMs = limit * 1000 + busyMs - (performance.now() - began);
        if (restMs <= 0 && waits) return { by: 'pod', text: `no end within ${limit} s` };
        await sleep(Math.max(restMs, 500), undefined, { signal });
      }
    };
    const ended = Promise.race([tooLate(), vigil.fault]);
    ended.catch(() => undefined);
    const orEnded = raceBeside(ended);

    const age = createAge();
    const end: { broke: { readonly by: Error | null } | null } = { broke: null };
    async function* text(): AsyncGenerator<string, void> {
      const by = yield* resumedLog(log, {
        reopen: (one, timeoutMs) => {
          const seconds = age.seconds();
          const since = seconds === null ? {} : { sinceSeconds: Math.ceil(seconds) + overlapSeconds };
          return followLog(api, pod, one, { ...since, timeoutMs });
        },
        onTrouble: trouble,
        signal,
      });
      end.broke = { by };
    }
    const frames = watchFrames(text(), id, o.nonce);
    for (;;) {
      waits = true;
      const next = await orEnded(frames.next());
      waits = false;
      if ('by' in next) {
        keeper.fault = next;
        return { complete: false, hello: null, why: next.text };
      }
      if (next.done) {
        if (end.broke === null || user.aborted) return next.value;
        keeper.fault = await whyEarly(whose, end.broke.by);
        return { ...next.value, why: keeper.fault.text };
      }
      age.saw(next.value);
      if (told !== '') note(`${node}: it comes again${next.value.missed > 0 ? '' : ', and nothing is missing'}`);
      told = '';
      keeper.fault = null;
      const givenMs = performance.now();
      yield next.value;
      busyMs += performance.now() - givenMs;
      vigil.heard();
    }
  } catch (error) {
    // an interruption ends a watch as its time does
    if (user.aborted) return { complete: false, hello: null };
    throw error;
  } finally {
    over.abort(new Error('the watch is over'));
    await keeper.remove();
  }
}
