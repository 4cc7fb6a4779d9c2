import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../cluster/api.ts';
import { ApiError } from '../cluster/api-error.ts';
import { missing } from '../core/gap.ts';
import type { NodeRead, Raw } from '../core/read.ts';
import type { Rights, WriteProgram } from '../core/stream.ts';
import { type Progress, type Transport, TransportError } from '../core/transport.ts';
import { textAt } from '../lib/json.ts';
import { createAdvice, type Place } from './debug-pod/advice.ts';
import { grantedCapabilities, notGranted } from './debug-pod/capabilities.ts';
import { followLog, wholeLog } from './debug-pod/log.ts';
import { podName, randomSuffix } from './debug-pod/name.ts';
import { graceSeconds, podFor } from './debug-pod/pod.ts';
import { removePod } from './debug-pod/remove.ts';
import { startedLog } from './debug-pod/start.ts';
import { podState } from './debug-pod/state.ts';
import { type PodRef, podPath } from './debug-pod/watch.ts';
import { whenAborted } from './debug-pod/when-aborted.ts';

/** How the user wants the debug pod. */
export interface DebugPodOptions {
  readonly image: string;
  readonly imagePullPolicy: 'IfNotPresent' | 'Always' | 'Never';
  readonly imagePullSecret?: string;
  readonly namespace: string;
  readonly rights: Rights;
  /** Letters and digits; marks the pod. */
  readonly runId: string;
  /** Unguessable letters and digits; marks the frames. */
  readonly nonce: string;
  readonly windowSeconds: number;
  /** The program ends itself after so many seconds. */
  readonly deadlineSeconds: number;
  /** How long the pod may take to start, in seconds. */
  readonly timeoutSeconds: number;
  readonly vars: Readonly<Record<string, string>>;
  /** How to call kubectl for this cluster, in advice: "kubectl" unless told otherwise ("kubectl --context x"). */
  readonly kubectl?: string;
}

/** Understands the program's output; see collector/decode.ts. */
type Decode = (
  chunks: AsyncIterable<string>,
  reads: readonly NodeRead[],
  nonce: string,
) => AsyncGenerator<readonly [NodeRead, Raw], { readonly complete: boolean }>;

/** What a debug pod is made of. */
export interface DebugPodParts {
  readonly api: KubeApi;
  readonly node: string;
  readonly options: DebugPodOptions;
  readonly writeProgram: WriteProgram;
  readonly decode: Decode;
  readonly onProgress?: (progress: Progress) => void;
  /** Sees the stream as it comes (for --save). */
  readonly onChunk?: (text: string) => void;
  /** Told the command that deletes the pod as soon as there may be one, and null when it is deleted. */
  readonly onLeftBehind?: (deleteCommand: string | null) => void;
}

/** Linux takes no argument longer than this, its NUL included (MAX_ARG_STRLEN). */
const programLimitBytes = 131_072;

/** How long deleting waits for the answer to the creation, in milliseconds. */
const answerWaitMs = 5000;

/** What kubelet and log need on top of the program's own deadline, in seconds. */
const slackSeconds = 10;

interface Created extends PodRef {
  /** The server's answer: uid and resourceVersion. Rejects when it refused or when no answer came. */
  readonly answer: Promise<{ readonly uid: string; readonly version: string }>;
}

/** The server said no, so there is no pod; any other failure leaves that open. */
const refused = (error: unknown): boolean => error instanceof ApiError && error.status >= 400 && error.status < 500;

const withReason = (raw: Raw, why: string): Raw =>
  !raw.ok && (raw.gap.kind === 'truncated' || raw.gap.kind === 'not-collected')
    ? missing('truncated', `${raw.gap.detail}: ${why}`)
    : raw;

/**
 * Reads by a short-lived pod on the node: creates it, follows its log, deletes it. {@link Transport.fetch} throws
 * {@link TransportError} when the pod is refused or does not start, with what to do about it. Disposal deletes the pod in every
 * ending, in at most fifteen seconds, and does not wait until it is gone; if it cannot, a note says how to.
 */
export const createDebugPod = (parts: DebugPodParts): Transport<NodeRead> => {
  const { api, node, options: o } = parts;
  const place: Place = { namespace: o.namespace, node, kubectl: o.kubectl ?? 'kubectl' };
  const ended = new AbortController();
  const removals: (() => Promise<void>)[] = [];
  /** Pods that a kubelet is known to run. The others need no grace, and may have no living kubelet to grant it. */
  const started = new Set<string>();
  const deleteCommand = (pod: PodRef): string => `${place.kubectl} delete pod --namespace ${pod.namespace} ${pod.name}`;
  const stage = (text: string): void => parts.onProgress?.({ kind: 'stage', text });

  const create = (program: string, reads: readonly NodeRead[]): Created => {
    const name = podName(node, randomSuffix());
    const pod = podFor({
      ...o,
      name,
      node,
      program,
      imagePullSecret: o.imagePullSecret ?? null,
      capabilities: grantedCapabilities(o.rights, reads),
      activeDeadlineSeconds: Math.ceil(o.timeoutSeconds + o.deadlineSeconds) + slackSeconds,
    });
    stage(`creating pod ${o.namespace}/${name} on ${node}`);
    const answer = api.post(`/api/v1/namespaces/${o.namespace}/pods`, pod).then(({ body }) => ({
      uid: textAt(body, 'metadata', 'uid'),
      version: textAt(body, 'metadata', 'resourceVersion'),
    }));
    answer.catch(() => undefined);
    const ref = { namespace: o.namespace, name };
    parts.onLeftBehind?.(deleteCommand(ref));
    let removal: Promise<void> | null = null;
    removals.push(() => {
      removal ??= remove(ref, answer);
      return removal;
    });
    return { ...ref, answer };
  };

  const remove = async (pod: PodRef, answer: Created['answer']): Promise<void> => {
    try {
      const uid = await Promise.race([
        answer.then(
          (a) => a.uid,
          (error) => (refused(error) ? '' : null),
        ),
        // an answer that does not come is no reason to wait: the pod is looked for by its name and run
        sleep(answerWaitMs, null, { ref: false }),
      ]);
      if (uid !== '') await removePod(api, pod, o.runId, uid, started.has(pod.name) ? graceSeconds : 0);
      parts.onLeftBehind?.(null);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const text = `could not delete the debug pod (${why}). It ends by itself; delete it with\n  ${deleteCommand(pod)}`;
      parts.onProgress?.({ kind: 'note', text });
    }
  };

  const createdOrThrow = async (pod: Created, cut: Promise<never>): Promise<string> => {
    try {
      return (await Promise.race([pod.answer, cut])).version;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const advice = error.kind === 'status' ? `\n${createAdvice(error.serverMessage ?? '', place)}` : '';
      throw new TransportError(`${error.message}${advice}`, { cause: error });
    }
  };

  /** Why the stream ended before the program's end mark, as a clause for the reader. */
  const whyEarly = async (pod: PodRef): Promise<string> => {
    try {
      const state = podState((await api.get(podPath(pod), { timeoutMs: 3000 })).body);
      if (state.kind !== 'started') return `the debug pod is ${state.text}`;
      return state.ended === null ? 'the log of the debug pod broke off' : `the debug pod ended early: ${state.ended}`;
    } catch (error) {
      return error instanceof ApiError && error.status === 404
        ? 'the debug pod was deleted meanwhile'
        : 'the connection to the API server broke off';
    }
  };

  async function* fetch(reads: readonly NodeRead[], user: AbortSignal): AsyncGenerator<readonly [NodeRead, Raw], void> {
    const signal = AbortSignal.any([user, ended.signal]);
    const granted = grantedCapabilities(o.rights, reads);
    const chosen: NodeRead[] = [];
    for (const read of reads) {
      const why = notGranted(read, o.rights, granted);
      if (why === null) chosen.push(read);
      else yield [read, missing('not-chosen', why)];
    }
    if (chosen.length === 0) return;
    const program = parts.writeProgram(chosen, { ...o, hostRoot: '/host' });
    const bytes = Buffer.byteLength(program);
    if (bytes >= programLimitBytes) {
      throw new TransportError(
        `the program for ${node} has ${bytes} bytes, and Linux takes at most ${programLimitBytes - 1}: choose fewer checks`,
      );
    }

    const cut = whenAborted(signal).then((): never => {
      throw signal.reason;
    });
    cut.catch(() => undefined);
    const pod = create(program, chosen);
    const since = await createdOrThrow(pod, cut);
    stage(`waiting for pod ${pod.namespace}/${pod.name}`);
    const opened = await startedLog(
      {
        ...{ api, pod, place, since, image: o.image, timeoutSeconds: o.timeoutSeconds },
        onState: (text) => stage(`waiting for pod ${pod.namespace}/${pod.name}: ${text}`),
      },
      signal,
    );
    started.add(pod.name);
    stage(`reading ${node}`);

    const late = new AbortController();
    const tooLate = whenAborted(late.signal).then(() => null);
    const timer = setTimeout(() => late.abort(), (o.deadlineSeconds + slackSeconds) * 1000);
    let early: string | null = null;
    async function* text(): AsyncGenerator<string, void> {
      const log = wholeLog(opened, () => followLog(api, pod, signal), signal);
      try {
        for (;;) {
          const next = await Promise.race([log.next(), tooLate]);
          if (next === null || next.done) break;
          parts.onChunk?.(next.value);
          yield next.value;
        }
      } finally {
        void log.return().catch(() => undefined);
      }
      signal.throwIfAborted();
      early = late.signal.aborted ? `no end within ${o.deadlineSeconds + slackSeconds} s` : await whyEarly(pod);
    }
    const answers = parts.decode(text(), chosen, o.nonce);
    try {
      for (;;) {
        const next = await Promise.race([answers.next(), cut]);
        if (next.done) break;
        const [read, raw] = next.value;
        const told = early === null ? raw : withReason(raw, early);
        yield [read, told];
      }
    } finally {
      clearTimeout(timer);
      for (const removal of removals) void removal();
    }
  }

  return {
    id: 'debug-pod',
    fetch,
    [Symbol.asyncDispose]: async () => {
      ended.abort(new TransportError('the debug pod is being deleted'));
      await Promise.all(removals.map((removal) => removal()));
    },
  };
};
