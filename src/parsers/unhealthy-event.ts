import type { PodName, WatchEnd } from '../core/watch.ts';
import { numberAt, textAt } from '../lib/json.ts';
import { ip } from './ip.ts';
import { parseUnhealthy, type UnhealthyMessage } from './unhealthy.ts';

/** An Unhealthy event as it stands in the API. */
interface UnhealthyEvent {
  /** The node of the kubelet that wrote it. */
  readonly node: string;
  readonly pod: PodName;
  readonly container: string | null;
  readonly probe: UnhealthyMessage['probe'];
  /** Null where the message has no address: exec probes, bad HTTP statuses. */
  readonly destination: WatchEnd | null;
  /** The kubelet's words behind "Readiness probe failed: ". */
  readonly text: string;
  /** How often it failed so since the event was made. */
  readonly count: number;
  /** Milliseconds between the first and the last time, by the kubelet's clock; null where it does not say. */
  readonly spanMs: number | null;
}

/** Names in Kubernetes have at most 253 characters (kubernetes.io, "Object Names and IDs"). */
const longestName = 253;

/** An exec probe may print more than anybody reads. */
const longestText = 500;

const address = String.raw`(?:\[([0-9a-fA-F:.]{2,45})\]|([0-9.]{7,15})):(\d{1,5})`;

/** Where the words of Go's net/http and net packages and of kubelet's gRPC prober (pkg/probe/grpc) have the address that was probed. */
const places = [
  `dial tcp ${address}: `,
  `^Get "https?://${address}[/?"]`,
  `service(?: at)? "${address}"`,
  String.raw`(?:read|write) tcp \S{1,60}->${address}: `,
].map((p) => new RegExp(p));

const destinationOf = (text: string): WatchEnd | null => {
  for (const place of places) {
    const m = place.exec(text);
    const [at, port] = [ip(m?.[1] ?? m?.[2] ?? ''), Number(m?.[3])];
    if (at !== null && port > 0 && port <= 65_535) return { ip: at, port };
  }
  return null;
};

const timeOf = (event: unknown, ...fields: readonly (readonly string[])[]): number | null => {
  const times = fields.map((f) => Date.parse(textAt(event, ...f))).filter((t) => !Number.isNaN(t));
  return times[0] ?? null;
};

/**
 * An Event object (core/v1) of a failed probe; null if it is none. Kubelets name their node in source.host, events that were written by way of
 * events.k8s.io in reportingInstance. Of more than ten that differ in their words within ten minutes one event is made, "(combined from similar
 * events): …", with the words of the last (client-go, tools/record/events_cache.go).
 */
export const unhealthyEvent = (event: unknown): UnhealthyEvent | null => {
  if (textAt(event, 'reason') !== 'Unhealthy' || textAt(event, 'involvedObject', 'kind') !== 'Pod') return null;
  const message = textAt(event, 'message').replace(/^\(combined from similar events\): /, '');
  const said = parseUnhealthy(message);
  const node = textAt(event, 'source', 'host') || textAt(event, 'reportingInstance');
  const [namespace = '', name = ''] = ['namespace', 'name'].map((field) =>
    textAt(event, 'involvedObject', field).slice(0, longestName),
  );
  const pod = { namespace, name };
  if (!said || node === '' || pod.name === '') return null;
  const text = message
    .slice(0, longestText)
    .replace(/^\w+ probe (?:failed|errored)(?: and resulted in \w+ state)?:? ?/, '');
  const first = timeOf(event, ['firstTimestamp'], ['eventTime']);
  const last = timeOf(event, ['series', 'lastObservedTime'], ['lastTimestamp'], ['eventTime']);
  const count = numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1;
  return {
    node,
    pod,
    container: /^spec\.\w{1,40}\{(.{1,63})\}$/.exec(textAt(event, 'involvedObject', 'fieldPath'))?.[1] ?? null,
    probe: said.probe,
    destination: destinationOf(text),
    text,
    count: Number.isSafeInteger(count) && count > 0 ? count : 1,
    spanMs: first === null || last === null ? null : Math.max(0, last - first),
  };
};
