import type http from 'node:http';
import type { KubeApi } from '../../../src/cluster/api.ts';
import { at, textAt } from '../../../src/lib/json.ts';
import { loopbackApi } from '../../support/loopback-api.ts';

/** Answers a request in the place of the fake; true if it did. */
export type Rule = (
  request: { readonly method: string; readonly url: URL; readonly body: unknown },
  response: http.ServerResponse,
) => boolean;

/** An API server with two nodes that knows the pods that are made; tests move their status on and write their logs. */
export interface FakeApiserver extends AsyncDisposable {
  readonly api: KubeApi;
  /** Requests so far, "METHOD path?query". */
  readonly requests: readonly string[];
  /** Bodies of the DELETE requests. */
  readonly deletions: readonly unknown[];
  /** Pods as they were asked for, in order. */
  readonly made: readonly unknown[];
  /** Resolves with the program of the first pod once it was created. */
  readonly created: Promise<string>;
  /** Of the last pod of that node, n1 unless told otherwise. */
  setStatus(status: object, node?: string): void;
  /** A node, n1 or n2, as it is from now on; null deletes it. They are ready until told otherwise. */
  setNode(now: object | null, node?: string): void;
  /** Whether the server still holds a pod. */
  exists(): boolean;
  /** Somebody else deletes the last pod of that node. */
  forget(node?: string): void;
  /** Listens no more, and breaks all connections. */
  stop(): Promise<void>;
  /** Listens again, at the same port. */
  start(): Promise<void>;
}

/** The Status object of an error. */
export const refuse = (response: http.ServerResponse, code: number, reason: string, message: string): true => {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', status: 'Failure', reason, message, code }));
  return true;
};

/** A Node with this Ready condition. */
export const nodeReady = (status: 'True' | 'False' | 'Unknown', message = ''): object => ({
  status: { conditions: [{ type: 'Ready', status, message }] },
});

/** A status with the container in this state. */
export const containerState = (state: object, phase = 'Pending'): object => ({
  phase,
  containerStatuses: [{ name: 'probe', state }],
});

/** Starts it; the rules are tried first, in order. */
export const fakeApiserver = async (...rules: readonly Rule[]): Promise<FakeApiserver> => {
  const requests: string[] = [];
  const deletions: unknown[] = [];
  const watchers = new Map<http.ServerResponse, string>();
  const events: { readonly name: string; readonly line: string }[] = [];
  const first = Promise.withResolvers<string>();
  const made: unknown[] = [];
  const pods = new Map<string, Record<string, unknown>>();
  const nodes = new Map<string, object | null>([
    ['n1', nodeReady('True')],
    ['n2', nodeReady('True')],
  ]);
  const tell = (type: string, name: string): void => {
    const line = `${JSON.stringify({ type, object: pods.get(name) })}\n`;
    events.push({ name, line });
    for (const [response, of] of watchers) if (of === name) response.write(line);
  };
  const lastOf = (node: string): string | undefined =>
    [...pods].findLast(([, pod]) => textAt(pod, 'spec', 'nodeName') === node)?.[0];
  const forget = (name: string): void => {
    tell('DELETED', name);
    pods.delete(name);
  };

  const answer: Rule = ({ method, url, body }, response) => {
    const path = url.pathname;
    const [, name = ''] = /\/pods\/([^/]+)/.exec(path) ?? [];
    const pod = pods.get(name);
    if (method === 'POST' && (!path.endsWith('/pods') || url.searchParams.has('dryRun'))) {
      response.writeHead(201).end(JSON.stringify({ status: { allowed: true } }));
    } else if (method === 'POST') {
      made.push(body);
      const metadata = { ...(at(body, 'metadata') as object), uid: `uid-${made.length}`, resourceVersion: '7' };
      const now = { ...(body as object), metadata };
      pods.set(textAt(now, 'metadata', 'name'), now);
      response.writeHead(201).end(JSON.stringify(now));
      first.resolve(textAt(body, 'spec', 'containers', 0, 'command', 2));
    } else if (url.searchParams.has('watch')) {
      const of = (url.searchParams.get('fieldSelector') ?? '').replace('metadata.name=', '');
      watchers.set(response, of);
      response.once('close', () => watchers.delete(response));
      response.flushHeaders();
      for (const event of events) if (event.name === of) response.write(event.line);
    } else if (path.startsWith('/api/v1/nodes/') && nodes.get(path.split('/').at(-1) ?? '')) {
      response.end(JSON.stringify(nodes.get(path.split('/').at(-1) ?? '')));
    } else if (!pod) {
      refuse(response, 404, 'NotFound', `${path.split('/').at(-2)} "${path.split('/').at(-1)}" not found`);
    } else if (path.endsWith('/log')) {
      refuse(response, 400, 'BadRequest', 'container "probe" is waiting to start: ContainerCreating');
    } else if (method === 'DELETE') {
      deletions.push(body);
      response.end('{}');
      forget(name);
    } else {
      response.end(JSON.stringify(pod));
    }
    return true;
  };

  const listen = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? '', 'http://fake');
    const method = request.method ?? '';
    requests.push(`${method} ${request.url}`);
    const asked = { method, url, body: text === '' ? null : JSON.parse(text) };
    for (const rule of [...rules, answer]) if (rule(asked, response)) return;
  };
  const loopback = await loopbackApi(
    (request, response) => void listen(request, response).catch(() => response.destroy()),
  );
  return {
    ...loopback,
    requests,
    deletions,
    made,
    created: first.promise,
    setStatus: (status, node = 'n1') => {
      const name = lastOf(node);
      if (name === undefined) return;
      pods.set(name, { ...pods.get(name), status });
      tell('MODIFIED', name);
    },
    setNode: (now, node = 'n1') => void nodes.set(node, now),
    exists: () => pods.size > 0,
    forget: (node = 'n1') => {
      const name = lastOf(node);
      if (name !== undefined) forget(name);
    },
  };
};
