import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { at, listAt, textAt } from '../../lib/json.ts';
import type { Place } from './advice.ts';
import { foreignOs } from './foreign-os.ts';
import { followLog } from './log.ts';
import { readyOf } from './ready.ts';
import { podState } from './state.ts';
import { type PodRef, podPath } from './watch.ts';

/** How long each look may take, in milliseconds. */
const timeoutMs = 3000;

const look = async (api: KubeApi, path: string, signal?: AbortSignal): Promise<unknown> => {
  try {
    return (await api.get(path, { timeoutMs, ...(signal ? { signal } : {}) })).body;
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof ApiError ? error : null;
  }
};

/** What stands against pods on this node ever running, or null: it does not exist, or runs Windows. */
export const impossibleNode = async (api: KubeApi, node: string): Promise<string | null> => {
  const found = await look(api, `/api/v1/nodes/${encodeURIComponent(node)}`);
  if (found instanceof ApiError && found.status === 404) return found.message;
  return foreignOs(node, found);
};

/** Some images that run on the node now, those most likely to have a shell not sorted out; empty if that cannot be read. */
export const imagesOnNode = async (api: KubeApi, node: string, except: string): Promise<readonly string[]> => {
  const field = encodeURIComponent(`spec.nodeName=${node},status.phase=Running`);
  const pods = await look(api, `/api/v1/pods?fieldSelector=${field}&limit=200&resourceVersion=0`);
  const images = listAt(pods, 'items').flatMap((p) => listAt(p, 'spec', 'containers').map((c) => textAt(c, 'image')));
  return [...new Set(images)].filter((i) => i !== '' && i !== except).slice(0, 8);
};

const nodeWords = (node: unknown, name: string): string => {
  const ready = readyOf(node);
  if (!ready || ready.status === 'True') return '';
  return `Node ${name} is not ready (${ready.status}): ${ready.message}. Its kubelet may be dead or cut off.`;
};

/** The events of a pod: as the server gave them, and the last three in words, the latest last. Empty where they may not be read. */
export const eventsOf = async (
  api: KubeApi,
  pod: PodRef,
  signal?: AbortSignal,
): Promise<{ readonly list: readonly unknown[]; readonly words: readonly string[] }> => {
  const field = encodeURIComponent(`involvedObject.kind=Pod,involvedObject.name=${pod.name}`);
  const found = await look(api, `/api/v1/namespaces/${pod.namespace}/events?fieldSelector=${field}`, signal);
  const list = listAt(found, 'items').toSorted((a, b) =>
    textAt(a, 'lastTimestamp').localeCompare(textAt(b, 'lastTimestamp')),
  );
  return { list, words: list.map((e) => `${textAt(e, 'reason')}: ${textAt(e, 'message')}`.trim()).slice(-3) };
};

/**
 * The kubelet's last words, if they are on a container runtime whose socket does not answer; null otherwise.
 * (dial unix /run/containerd/containerd.sock: connect: connection refused)
 */
export const runtimeSilence = (events: readonly unknown[]): string | null => {
  const last = textAt(events.at(-1), 'message');
  return /dial unix \S+: connect: /.test(last) ? last : null;
};

/** Says why the pod has not started: its phase and reasons, its last events, whether the node's kubelet is alive. */
export const whyNotStarted = async (api: KubeApi, pod: PodRef, place: Place, seconds: number): Promise<string> => {
  const [now, events, node] = await Promise.all([
    look(api, podPath(pod)),
    eventsOf(api, pod),
    look(api, `/api/v1/nodes/${encodeURIComponent(place.node)}`),
  ]);
  const state = podState(now);
  if (state.kind === 'started') {
    const signal = AbortSignal.timeout(timeoutMs);
    const error: unknown = await followLog(api, pod, signal).catch((e: unknown) => e);
    return [
      `the debug pod ${pod.namespace}/${pod.name} runs on ${place.node}, but its log could not be read within ${seconds}s (--timeout).`,
      error instanceof ApiError ? error.message : 'The API server gave no answer.',
      'The API server must reach port 10250 of the node for logs. On the node itself, netdoctor node --local needs none of that.',
    ].join('\n');
  }
  const nobodyTook = now !== null && !at(now, 'status', 'startTime');
  const last = events.words;
  const pulling = last.at(-1)?.startsWith('Pulling:') === true;
  const lines = [
    `the debug pod ${pod.namespace}/${pod.name} did not start on ${place.node} within ${seconds}s (--timeout).`,
    `Its state: ${state.text}`,
    ...last.map((e) => `Event: ${e}`),
    pulling
      ? 'It is still pulling the image: allow it more time with --timeout, or name an image that the node has with --image.'
      : '',
    nodeWords(node, place.node),
    nobodyTook ? `The kubelet of ${place.node} has not taken the pod up: it may be dead.` : '',
    'On the node itself, netdoctor node --local or the program of --emit-collector needs no pod.',
  ];
  return lines.filter((line) => line !== '').join('\n');
};
