import type { KubeApi } from '../cluster/api.ts';
import { type ApiEvent, podKey } from '../core/watch.ts';
import type { Pod } from '../facts/workloads/pods.ts';
import { textAt } from '../lib/json.ts';
import { merged } from '../lib/merged.ts';
import { nodePod } from '../parsers/node-pod.ts';
import { readiness } from '../parsers/readiness.ts';
import { unhealthyEvent } from '../parsers/unhealthy-event.ts';
import { followList } from '../transports/kube-api/follow-list.ts';

/** What the API told of a pod on a node, without a time of the node's clock. */
interface Told {
  readonly node: string;
  /** performance.now() at which it was received. */
  readonly receivedMs: number;
  readonly event: ApiEvent;
}

/** What of the cluster is watched. */
interface ClusterWatch {
  readonly api: KubeApi;
  readonly nodes: readonly string[];
  /** namespace/name of the pods that count; null: all of these nodes. */
  readonly pods: ReadonlySet<string> | null;
  readonly signal: AbortSignal;
  /** What cannot be seen and why; nothing is told twice. */
  readonly onNote: (text: string) => void;
  /** Told of the pods of these nodes that are not done, those that do not count too, as they are and whenever they change. */
  readonly onPod: (pod: Pod) => void;
  /** For tests: see followList. */
  readonly pace?: number;
}

/** The list of a resource: where all pods are of one namespace it is asked alone, which needs fewer rights and brings less. */
const pathOf = ({ pods }: ClusterWatch, resource: string): string => {
  const [namespace, ...more] = new Set([...(pods ?? [])].map((p) => p.split('/')[0] ?? ''));
  return namespace === undefined || more.length > 0
    ? `/api/v1/${resource}`
    : `/api/v1/namespaces/${encodeURIComponent(namespace)}/${resource}`;
};

async function* failedProbes(o: ClusterWatch, signal: AbortSignal): AsyncGenerator<Told, void> {
  const nodes = new Set(o.nodes);
  const began = performance.now();
  const counts = new Map<string, number>();
  const path = `${pathOf(o, 'events')}?fieldSelector=involvedObject.kind%3DPod%2Creason%3DUnhealthy`;
  const changes = followList(o.api, path, signal, {
    parse: (object) => {
      const e = unhealthyEvent(object);
      return e !== null && nodes.has(e.node) && (o.pods === null || o.pods.has(podKey(e.pod))) ? e : null;
    },
    without: 'Failed probes are not told',
    onNote: o.onNote,
    pace: o.pace ?? 1,
  });
  for await (const change of changes) {
    if (change.how === 'gone') {
      counts.delete(change.key);
      continue;
    }
    const receivedMs = performance.now();
    const { node, count: total, spanMs, ...failed } = change.value;
    const before = counts.get(change.key);
    counts.set(change.key, total);
    if (change.how === 'stands') continue;
    // an event that is made anew since the old one has expired goes on counting: what it tells for certain is one failure, or all if they fit in the watch
    const all = spanMs !== null && spanMs <= receivedMs - began ? total : 1;
    const count = before === undefined ? all : total - before;
    if (count > 0) yield { node, receivedMs, event: { kind: 'probe-failed', ...failed, count, connects: [] } };
  }
}

/** What is remembered of a pod: whether it is Ready, and since when it is not, if that was seen. */
interface State {
  readonly ready: boolean;
  readonly awayFromMs: number | null;
}

async function* flips(o: ClusterWatch, node: string, signal: AbortSignal): AsyncGenerator<Told, void> {
  const states = new Map<string, State>();
  const path = `${pathOf(o, 'pods')}?fieldSelector=spec.nodeName%3D${encodeURIComponent(node)}`;
  const changes = followList(o.api, path, signal, {
    parse: (object) => {
      const r = readiness(object);
      if (r.node !== node) return null;
      // an address of a pod that is done is given to others
      const done = r.leaving || textAt(object, 'status', 'phase') === 'Failed';
      return { ...r, told: done ? null : nodePod(object) };
    },
    without: 'Pods that stop being Ready are not told',
    onNote: o.onNote,
    pace: o.pace ?? 1,
  });
  for await (const change of changes) {
    if (change.how === 'gone') {
      states.delete(change.key);
      continue;
    }
    const receivedMs = performance.now();
    const { pod, ready, by, why, leaving, told } = change.value;
    if (told !== null) o.onPod(told);
    if (ready === null || leaving || (o.pods !== null && !o.pods.has(podKey(pod)))) continue;
    const before = states.get(change.key);
    // a pod that has just come is expected to be unready, and then Ready
    if (before === undefined && !ready && change.how !== 'stands') continue;
    const flips = before !== undefined && before.ready !== ready;
    const awayFromMs = ready ? null : flips ? receivedMs : (before?.awayFromMs ?? null);
    states.set(change.key, { ready, awayFromMs });
    if (!flips) continue;
    const from = before.awayFromMs;
    const awaySeconds = ready && from !== null ? Math.round((receivedMs - from) / 100) / 10 : null;
    yield { node, receivedMs, event: { kind: 'ready', pod, ready, by, why: ready ? null : why, awaySeconds } };
  }
}

/**
 * What the API tells of the pods of these nodes until the signal is aborted: probes that fail, by kubelet's Unhealthy events, and pods that stop
 * being Ready or are so again. What stood before is not told. An API server that is away is waited for. Where one of the two may not be
 * listed or watched, that is a note and the other goes on; it ends early where neither may be. `connects` are for the joiner (probe-joiner.ts).
 */
export async function* watchCluster(o: ClusterWatch): AsyncGenerator<Told, void> {
  const told = new Set<string>();
  const onNote = (text: string): void => {
    if (told.has(text)) return;
    told.add(text);
    o.onNote(text);
  };
  const quiet = { ...o, onNote };
  yield* merged(o.signal, (signal) => [
    failedProbes(quiet, signal),
    ...o.nodes.map((node) => flips(quiet, node, signal)),
  ]);
}
