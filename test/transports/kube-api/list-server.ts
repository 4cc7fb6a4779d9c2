import type http from 'node:http';
import type { KubeApi } from '../../../src/cluster/api.ts';
import { textAt } from '../../../src/lib/json.ts';
import { loopbackApi } from '../../support/loopback-api.ts';
import { type Rule, refuse } from '../debug-pod/fake-apiserver.ts';

interface Stored {
  readonly metadata: { readonly uid: string; readonly [more: string]: unknown };
  readonly [more: string]: unknown;
}

/** An API server that holds objects and tells watches what happens to them; it can be away, cut its connections and forget its history. */
export interface ListServer extends AsyncDisposable {
  readonly api: KubeApi;
  /** Requests so far, "path?query". */
  readonly requests: readonly string[];
  /** How many watches are open now. */
  readonly watches: () => number;
  /** Stores an object of a resource ("pods") in the place of the one with its uid. */
  put(resource: string, object: Stored): void;
  remove(resource: string, uid: string): void;
  /** Writes this to all watches as it is. */
  write(text: string): void;
  /** Ends all watches as a server does whose time for them is over. */
  endWatches(): void;
  /** Breaks all connections. */
  cut(): void;
  /** Listens no more, and breaks all connections. */
  stop(): Promise<void>;
  /** Listens again, at the same port. */
  start(): Promise<void>;
  /** Forgets what happened up to now: watches from before get 410, as an event or as the answer. */
  compact(as: 'event' | 'status'): void;
  /** What is tried first from now on. */
  rule: Rule | null;
}

/** Whether the few selectors that we use choose it. */
const chosen = (url: URL, object: unknown): boolean =>
  (url.searchParams.get('fieldSelector') ?? '').split(',').every((part) => {
    const [field = '', value] = part.split('=');
    return field === '' || textAt(object, ...field.split('.')) === value;
  });

/** Starts it at a port of the loopback. */
export const listServer = async (): Promise<ListServer> => {
  const requests: string[] = [];
  const stores = new Map<string, Map<string, Stored>>();
  const history: {
    readonly version: number;
    readonly resource: string;
    readonly type: string;
    readonly object: Stored;
  }[] = [];
  const watchers = new Map<http.ServerResponse, { readonly resource: string; readonly url: URL }>();
  let version = 100;
  let oldest = 0;
  let goneAs: 'event' | 'status' = 'event';
  const self: { rule: Rule | null } = { rule: null };

  const tell = (response: http.ServerResponse, type: string, object: unknown): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const happen = (resource: string, type: string, object: Stored): void => {
    const now = { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } };
    if (type === 'DELETED') stores.get(resource)?.delete(object.metadata.uid);
    else stores.set(resource, (stores.get(resource) ?? new Map()).set(object.metadata.uid, now));
    history.push({ version, resource, type, object: now });
    for (const [response, w] of watchers) if (w.resource === resource && chosen(w.url, now)) tell(response, type, now);
  };
  const answer = (url: URL, response: http.ServerResponse): void => {
    const resource = url.pathname.split('/').at(-1) ?? '';
    if (!url.searchParams.has('watch')) {
      const items = [...(stores.get(resource)?.values() ?? [])].filter((o) => chosen(url, o));
      response.end(JSON.stringify({ kind: 'List', metadata: { resourceVersion: String(version) }, items }));
      return;
    }
    const since = Number(url.searchParams.get('resourceVersion'));
    if (since < oldest && goneAs === 'status') {
      refuse(response, 410, 'Expired', 'too old resource version');
      return;
    }
    response.flushHeaders();
    if (since < oldest) {
      tell(response, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' });
      response.end();
      return;
    }
    watchers.set(response, { resource, url });
    response.once('close', () => watchers.delete(response));
    for (const h of history)
      if (h.version > since && h.resource === resource && chosen(url, h.object)) tell(response, h.type, h.object);
  };
  const loopback = await loopbackApi((request, response) => {
    const url = new URL(request.url ?? '', 'http://fake');
    requests.push(decodeURIComponent(request.url ?? ''));
    if (self.rule?.({ method: request.method ?? '', url, body: null }, response)) return;
    answer(url, response);
  });
  return Object.assign(self, {
    ...loopback,
    requests,
    watches: () => watchers.size,
    put: (resource: string, object: Stored) =>
      happen(resource, stores.get(resource)?.has(object.metadata.uid) ? 'MODIFIED' : 'ADDED', object),
    remove: (resource: string, uid: string) => {
      const object = stores.get(resource)?.get(uid);
      if (object) happen(resource, 'DELETED', object);
    },
    write: (text: string) => {
      for (const response of watchers.keys()) response.write(text);
    },
    endWatches: () => {
      for (const response of watchers.keys()) response.end();
      watchers.clear();
    },
    compact: (as: 'event' | 'status') => {
      oldest = version + 1;
      version++;
      goneAs = as;
    },
  });
};

/** What of a pod is to be another than usual. */
interface PodMore {
  readonly ready?: boolean | null;
  readonly by?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly node?: string;
  readonly metadata?: object;
  readonly phase?: string;
}

/** A pod of node n1, Ready. */
export const podObject = (name: string, more: PodMore = {}): Stored => {
  const { ready = true, by = 'kubelet', reason, message, node = 'n1', metadata = {}, phase = 'Running' } = more;
  const condition = { type: 'Ready', status: ready ? 'True' : 'False', reason, message };
  const owned = { 'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': { 'f:status': {} } } } };
  return {
    metadata: {
      namespace: 'shop',
      name,
      uid: `uid-${name}`,
      managedFields: [{ manager: by, fieldsV1: owned }],
      ...metadata,
    },
    spec: { nodeName: node },
    status: { phase, conditions: ready === null ? [] : [condition] },
  };
};

/** An Unhealthy event of the kubelet of n1. */
export const eventObject = (uid: string, count: number, more: object = {}): Stored => ({
  ...{ kind: 'Event', reason: 'Unhealthy', type: 'Warning', count },
  metadata: { uid, namespace: 'shop', name: uid },
  involvedObject: { kind: 'Pod', namespace: 'shop', name: 'cart-7', fieldPath: 'spec.containers{web}' },
  source: { component: 'kubelet', host: 'n1' },
  ...{ firstTimestamp: '2026-11-23T18:00:00Z', lastTimestamp: '2026-11-23T18:00:00Z' },
  message:
    'Readiness probe failed: Get "http://10.244.1.2:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  ...more,
});
