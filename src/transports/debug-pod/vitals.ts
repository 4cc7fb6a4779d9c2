import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { containerName } from './pod.ts';
import { type PodRef, podPath } from './watch.ts';

/** What can be seen of those that a debug pod depends on, at one moment. */
export interface Vitals {
  /** When it was asked, by performance.now. */
  readonly began: number;
  /** Why the API server gives no answer; null if it does. */
  readonly server: string | null;
  /** Why the API server gets none from the node's kubelet; null if it does, or if that cannot be known. */
  readonly kubelet: string | null;
  /** The Node object; null if it was not to be had. */
  readonly node: unknown;
  /** The server's words when there is no such node. */
  readonly nodeGone: string | null;
  /** The Pod object; null if it was not to be had. */
  readonly pod: unknown;
  readonly podGone: boolean;
}

/** How long each look may take, in milliseconds. */
const timeoutMs = 2500;

/** The API server has no such pod. A kubelet that has just begun to serve says 404 in other words, for want of its handlers or of the pod. */
export const isPodGone = (error: ApiError): boolean => error.status === 404 && error.message.includes('pods "');

/** Why the kubelet did not answer a request for a log, if that is what the error says; null otherwise. */
const silenceOf = (error: ApiError): string | null => {
  if (error.status >= 500 || error.kind === 'timeout') return error.message;
  return error.status === 404 && !isPodGone(error) ? error.message : null;
};

const get = async (api: KubeApi, path: string, signal: AbortSignal): Promise<unknown> => {
  try {
    return (await api.get(path, { timeoutMs, signal })).body;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
};

/** What a kubelet says with status 200 when its container runtime does not answer. */
const lostLog = /^unable to retrieve container logs for /;

/** A log request that follows nothing: the API server passes it to the kubelet, which answers whatever the container's state. */
const askKubelet = async (api: KubeApi, pod: PodRef, signal: AbortSignal): Promise<string | null> => {
  try {
    const path = `${podPath(pod)}/log?container=${containerName}&tailLines=1&limitBytes=200`;
    for await (const text of await api.stream(path, { timeoutMs, signal }))
      return lostLog.test(text) ? text.trim() : null;
    return null;
  } catch (error) {
    if (error instanceof ApiError) return silenceOf(error);
    throw error;
  }
};

const answered = (got: unknown): boolean => !(got instanceof ApiError) || (got.status > 0 && got.status < 500);

/** Looks at the pod, its node and its kubelet, all at once. Throws the signal's reason when it is aborted. */
export const vitals = async (api: KubeApi, pod: PodRef, node: string, signal: AbortSignal): Promise<Vitals> => {
  const began = performance.now();
  const [ofPod, ofNode, kubelet] = await Promise.all([
    get(api, podPath(pod), signal),
    get(api, `/api/v1/nodes/${encodeURIComponent(node)}`, signal),
    askKubelet(api, pod, signal),
  ]);
  const up = answered(ofPod) || answered(ofNode);
  return {
    began,
    server: up || !(ofPod instanceof ApiError) ? null : ofPod.message,
    kubelet: up ? kubelet : null,
    node: ofNode instanceof ApiError ? null : ofNode,
    nodeGone: ofNode instanceof ApiError && ofNode.status === 404 ? ofNode.message : null,
    pod: ofPod instanceof ApiError ? null : ofPod,
    podGone: ofPod instanceof ApiError && ofPod.status === 404,
  };
};
