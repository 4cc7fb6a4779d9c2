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
import { createJudge, type Fault } from './debug-pod/fault.ts';
import { followLog, wholeLog } from './debug-pod/log.ts';
import { podName, randomSuffix } from './debug-pod/name.ts';
import { graceSeconds, podFor } from './debug-pod/pod.ts';
import { isRuntimeDown, readyOf } from './debug-pod/ready.ts';
import { removeLimitMs, removePod } from './debug-pod/remove.ts';
import { startedLog } from './debug-pod/start.ts';
import { podState } from './debug-pod/state.ts';
import { createVigil } from './debug-pod/vigil.ts';
import { type Vitals, vitals } from './debug-pod/vitals.ts';
import type { PodRef } from './debug-pod/watch.ts';
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

/** A pod has to fit into a request to etcd, 1.5 MiB by default; no program of ours comes near. */
const programLimitBytes = 524_288;

/** How long deleting waits for the answer to the creation, in milliseconds. */
const answerWaitMs = 5000;

/** How long deleting may take where the API server was away for long before, in milliseconds. */
const lastTryMs = 3000;

/** What kubelet and log need on top of the program's own deadline, in seconds. */
const slackSeconds = 10;

interface Created extends PodRef {
  /** The server's answer: uid and resourceVersion. Rejects when it refused or when no answer came. */
  readonly answer: Promise<{ readonly uid: string; readonly version: string }>;
}

/** The server said no, or was not reached at all, so there is no pod; any other failure leaves that open. */
const refused = (error: unknown): boolean =>
  error instanceof ApiError && ((error.status >= 400 && error.status < 500) || ['refused', 'dns'].includes(error.kind));

const withReason = (raw: Raw, why: string): Raw =>
  !raw.ok && (raw.gap.kind === 'truncated' || raw.gap.kind === 'not-collected')
    ? missing('truncated', `${raw.gap.detail}: ${why}`)
    : raw;

const faultOfNode = ({ nodeGone }: Vitals): Fault | null =>
  nodeGone === null ? null : { by: 'node', text: `the node was deleted meanwhile: ${nodeGone}` };

const faultOfRuntime = ({ node }: Vitals): Fault | null => {
  const ready = readyOf(node);
  return isRuntimeDown(ready) ? { by: 'kubelet', text: `the node is NotReady: ${ready?.message ?? ''}` } : null;
};

const faultOfPod = (seen: Vitals): Fault | null => {
  if (seen.podGone) return { by: 'pod', text: 'the debug pod was deleted meanwhile' };
  if (seen.pod === null) return null;
  const state = podState(seen.pod);
  if (state.kind !== 'started') return { by: 'pod', text: `the debug pod is ${state.text}` };
  if (state.ended !== null) return { by: 'pod', text: `the debug pod ended early: ${state.ended}` };
  return null;
};

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
  /** Pods that a kubelet is known to have taken up. */
  const held = new Set<string>();
  /** What ended the reading before its end. */
  let fault: Fault | null = null;
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
    const began = Date.now();
    try {
      const uid = await Promise.race([
        answer.then(
          (a) => a.uid,
          (error) => (refused(error) ? '' : null),
        ),
        // an answer that does not come is no reason to wait: the pod is looked for by its name and run
        sleep(answerWaitMs, null, { ref: false }),
      ]);
      const taken = held.has(pod.name);
      const limitMs = fault?.by === 'server' ? lastTryMs : removeLimitMs - (Date.now() - began);
      if (uid !== '') await removePod(api, pod, o.runId, uid, taken ? graceSeconds : null, limitMs);
      parts.onLeftBehind?.(null);
      if (fault?.by === 'kubelet' && taken) {
        const text = `the debug pod ${pod.namespace}/${pod.name} is marked for deletion; it goes as soon as the kubelet of ${node} can end it`;
        parts.onProgress?.({ kind: 'note', text });
      }
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

  /** Watches over one silence of the log. */
  const watchSilence = (pod: PodRef, signal: AbortSignal) => (): (() => Promise<Fault | null>) => {
    const judge = createJudge(node);
    let over = 0;
    return async () => {
      const seen = await vitals(api, pod, node, signal);
      const found = faultOfNode(seen) ?? faultOfRuntime(seen) ?? judge(seen) ?? faultOfPod(seen);
      // the end of a log may come a moment after the end of its container
      if (found?.by === 'pod' && !seen.podGone && ++over < 2) return null;
      return found;
    };
  };

  /** Why the log ended before the program's end mark; `failure` is why it could not be read any more. */
  const whyEarly = async (pod: PodRef, failure: Error | null, signal: AbortSignal): Promise<Fault> => {
    if (failure instanceof ApiError && failure.status === 0) {
      return { by: 'server', text: `the connection to the API server broke off: ${failure.message}` };
    }
    const seen = await vitals(api, pod, node, signal);
    if (seen.server !== null)
      return { by: 'server', text: `the connection to the API server broke off: ${seen.server}` };
    const ofNode = faultOfNode(seen);
    if (ofNode) return ofNode;
    if (seen.kubelet !== null)
      return { by: 'kubelet', text: `the kubelet of ${node} does not answer: ${seen.kubelet}` };
    const ready = readyOf(seen.node);
    const unready = ready && ready.status !== 'True' ? ` (node ${node} is not ready: ${ready.message})` : '';
    return (
      faultOfPod(seen) ?? {
        by: 'pod',
        text: `the log of the debug pod broke off${failure ? `: ${failure.message}` : ''}${unready}`,
      }
    );
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
        `the program for ${node} has ${bytes} bytes, and a pod takes at most ${programLimitBytes - 1}: choose fewer checks`,
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
        onTaken: () => held.add(pod.name),
        onFault: (found) => {
          fault = found;
        },
      },
      signal,
    );
    held.add(pod.name);
    stage(`reading ${node}`);

    let answered = 0;
    const over = new AbortController();
    const reading = AbortSignal.any([signal, over.signal]);
    const limit = o.deadlineSeconds + slackSeconds;
    const tooLate = sleep(limit * 1000, undefined, { signal: reading }).then(
      (): Fault => ({ by: 'pod', text: `no end within ${limit} s` }),
    );
    const vigil = createVigil(watchSilence(pod, reading), reading);
    const vain = Promise.race([tooLate, vigil.fault]);
    vain.catch(() => undefined);
    async function* text(): AsyncGenerator<string, void> {
      const log = wholeLog(opened, {
        reopen: () => followLog(api, pod, reading),
        onTrouble: (why) => stage(`reading ${node}: ${why}; trying again`),
        signal: reading,
      });
      let failure: Error | null = null;
      try {
        for (;;) {
          const next = await Promise.race([log.next(), vain]);
          if ('by' in next) {
            fault = next;
            break;
          }
          if (next.done) {
            failure = next.value;
            break;
          }
          vigil.heard();
          parts.onChunk?.(next.value);
          yield next.value;
        }
      } finally {
        void log.return(null).catch(() => undefined);
      }
      signal.throwIfAborted();
      fault ??= await whyEarly(pod, failure, reading);
      if (answered > 0) {
        const lost = `the reading of ${node} ended early, what had not come by then is unknown: ${fault.text}`;
        parts.onProgress?.({ kind: 'note', text: lost });
      }
    }
    const answers = parts.decode(text(), chosen, o.nonce);
    try {
      for (;;) {
        const next = await Promise.race([answers.next(), cut]);
        if (next.done) break;
        const [read, raw] = next.value;
        const why: Fault | null = fault;
        if (why === null) answered++;
        else if (answered === 0) throw new TransportError(`nothing could be read on ${node}: ${why.text}`);
        yield [read, why === null ? raw : withReason(raw, why.text)];
      }
    } finally {
      over.abort(new TransportError('the reading is over'));
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
