import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import type { Capability } from '../../core/read.ts';
import { type Progress, TransportError } from '../../core/transport.ts';
import { textAt } from '../../lib/json.ts';
import { createAdvice, type Place } from './advice.ts';
import type { Fault } from './fault.ts';
import { podName, randomSuffix } from './name.ts';
import { podFor } from './pod.ts';
import { removeLimitMs, removePod } from './remove.ts';
import { startedLog } from './start.ts';
import type { PodRef } from './watch.ts';
import { whenAborted } from './when-aborted.ts';

/** How every debug pod of a run on one node is to be. */
export interface KeeperOptions {
  readonly image: string;
  readonly imagePullPolicy: 'IfNotPresent' | 'Always' | 'Never';
  readonly imagePullSecret?: string;
  readonly namespace: string;
  /** Letters and digits; marks the pod. */
  readonly runId: string;
  /** The program ends itself after so many seconds. */
  readonly deadlineSeconds: number;
  /** How long the pod may take to start, in seconds. */
  readonly timeoutSeconds: number;
  /** How long the program may take to end once its pod is deleted, in seconds. */
  readonly graceSeconds: number;
  /** How to call kubectl for this cluster, in advice: "kubectl" unless told otherwise ("kubectl --context x"). */
  readonly kubectl?: string;
}

/** What a keeper works with. */
interface KeeperParts {
  readonly api: KubeApi;
  readonly node: string;
  readonly options: KeeperOptions;
  readonly onProgress?: (progress: Progress) => void;
  /** Told the command that deletes the pod as soon as there may be one, and null when it is deleted. */
  readonly onLeftBehind?: (deleteCommand: string | null) => void;
}

/** Makes debug pods on one node and answers for their end. */
export interface PodKeeper {
  /**
   * Makes a pod that runs this program and waits for its log. Throws {@link TransportError} when it is refused or does not start, with what to do about
   * it, and the signal's reason when that is aborted. `doing`: what is told once it has ("reading").
   */
  readonly start: (
    program: string,
    capabilities: readonly Capability[],
    doing: string,
    signal: AbortSignal,
  ) => Promise<{ readonly pod: PodRef; readonly log: AsyncIterable<string> }>;
  /** What ended the work before its end, null where nothing did: how a pod is deleted, and what is said of it, depends on it. */
  fault: Fault | null;
  /** Deletes what was made, in at most fifteen seconds; does not wait until it is gone. If it cannot, a note says how to. Never throws. */
  readonly remove: () => Promise<void>;
}

/** A pod has to fit into a request to etcd, 1.5 MiB by default; no program of ours comes near. */
const programLimitBytes = 524_288;

/** How long deleting waits for the answer to the creation, in milliseconds. */
const answerWaitMs = 5000;

/** How long deleting may take where the API server was away for long before, in milliseconds. */
const lastTryMs = 3000;

/** What kubelet and log need on top of the program's own deadline, in seconds. */
export const slackSeconds = 10;

/** The server's answer: uid and resourceVersion. Rejects when it refused or when no answer came. */
type Creation = Promise<{ readonly uid: string; readonly version: string }>;

/** The server said no, or was not reached at all, so there is no pod; any other failure leaves that open. */
const refused = (error: unknown): boolean =>
  error instanceof ApiError && ((error.status >= 400 && error.status < 500) || ['refused', 'dns'].includes(error.kind));

/** One for each node of a run. */
export const createKeeper = (parts: KeeperParts): PodKeeper => {
  const { api, node, options: o } = parts;
  const place: Place = { namespace: o.namespace, node, kubectl: o.kubectl ?? 'kubectl' };
  const removals: (() => Promise<void>)[] = [];
  /** Pods that a kubelet is known to have taken up. */
  const held = new Set<string>();
  const deleteCommand = (pod: PodRef): string => `${place.kubectl} delete pod --namespace ${pod.namespace} ${pod.name}`;
  const stage = (text: string): void => parts.onProgress?.({ kind: 'stage', text });
  const note = (text: string): void => parts.onProgress?.({ kind: 'note', text });

  const removeOne = async (pod: PodRef, answer: Creation): Promise<void> => {
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
      const limitMs = keeper.fault?.by === 'server' ? lastTryMs : removeLimitMs - (Date.now() - began);
      if (uid !== '') await removePod(api, pod, o.runId, uid, taken ? o.graceSeconds : null, limitMs);
      parts.onLeftBehind?.(null);
      if (keeper.fault?.by === 'kubelet' && taken)
        note(
          `the debug pod ${pod.namespace}/${pod.name} is marked for deletion; it goes as soon as the kubelet of ${node} can end it`,
        );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      note(`could not delete the debug pod (${why}). It ends by itself; delete it with\n  ${deleteCommand(pod)}`);
    }
  };

  const create = (program: string, capabilities: readonly Capability[]) => {
    const name = podName(node, randomSuffix());
    const pod = podFor({
      ...o,
      name,
      node,
      program,
      imagePullSecret: o.imagePullSecret ?? null,
      capabilities,
      activeDeadlineSeconds: Math.ceil(o.timeoutSeconds + o.deadlineSeconds) + slackSeconds,
    });
    stage(`creating pod ${o.namespace}/${name} on ${node}`);
    const answer: Creation = api.post(`/api/v1/namespaces/${o.namespace}/pods`, pod).then(({ body }) => ({
      uid: textAt(body, 'metadata', 'uid'),
      version: textAt(body, 'metadata', 'resourceVersion'),
    }));
    answer.catch(() => undefined);
    const ref = { namespace: o.namespace, name };
    parts.onLeftBehind?.(deleteCommand(ref));
    let removal: Promise<void> | null = null;
    removals.push(() => {
      removal ??= removeOne(ref, answer);
      return removal;
    });
    return { ref, answer };
  };

  const createdOrThrow = async (answer: Creation, cut: Promise<never>): Promise<string> => {
    try {
      return (await Promise.race([answer, cut])).version;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const advice = error.kind === 'status' ? `\n${createAdvice(error.serverMessage ?? '', place)}` : '';
      throw new TransportError(`${error.message}${advice}`, { cause: error });
    }
  };

  const keeper: PodKeeper = {
    fault: null,
    start: async (program, capabilities, doing, signal) => {
      // who interrupts before there is a pod gets none
      signal.throwIfAborted();
      const bytes = Buffer.byteLength(program);
      if (bytes >= programLimitBytes)
        throw new TransportError(
          `the program for ${node} has ${bytes} bytes, and a pod takes at most ${programLimitBytes - 1}: choose fewer checks`,
        );
      const cut = whenAborted(signal).then((): never => {
        throw signal.reason;
      });
      cut.catch(() => undefined);
      const { ref: pod, answer } = create(program, capabilities);
      const since = await createdOrThrow(answer, cut);
      stage(`waiting for pod ${pod.namespace}/${pod.name}`);
      const log = await startedLog(
        {
          ...{ api, pod, place, since, image: o.image, timeoutSeconds: o.timeoutSeconds },
          onState: (text) => stage(`waiting for pod ${pod.namespace}/${pod.name}: ${text}`),
          onTaken: () => held.add(pod.name),
          onFault: (found) => {
            keeper.fault = found;
          },
        },
        signal,
      );
      held.add(pod.name);
      stage(`${doing} ${node}`);
      return { pod, log };
    },
    remove: async () => {
      await Promise.all(removals.map((removal) => removal()));
    },
  };
  return keeper;
};
