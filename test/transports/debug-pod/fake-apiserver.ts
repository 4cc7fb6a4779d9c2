import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createKubeApi, type KubeApi } from '../../../src/cluster/api.ts';
import { at, textAt } from '../../../src/lib/json.ts';

/** Answers a request in the place of the fake; true if it did. */
export type Rule = (
  request: { readonly method: string; readonly url: URL; readonly body: unknown },
  response: http.ServerResponse,
) => boolean;

/** An API server that knows one pod; tests move the pod's status on and write its log. */
export interface FakeApiserver extends AsyncDisposable {
  readonly api: KubeApi;
  /** Requests so far, "METHOD path?query". */
  readonly requests: readonly string[];
  /** Bodies of the DELETE requests. */
  readonly deletions: readonly unknown[];
  /** Resolves with the program of the pod once it was created. */
  readonly created: Promise<string>;
  setStatus(status: object): void;
  /** The only node, n1, as it is from now on; null deletes it. It is ready until told otherwise. */
  setNode(node: object | null): void;
  /** Whether the server still holds the pod. */
  exists(): boolean;
  forget(): void;
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
  const watchers = new Set<http.ServerResponse>();
  const events: string[] = [];
  const made = Promise.withResolvers<string>();
  let pod: Record<string, unknown> | null = null;
  let node: object | null = nodeReady('True');
  const tell = (type: string): void => {
    const event = `${JSON.stringify({ type, object: pod })}\n`;
    events.push(event);
    for (const w of watchers) w.write(event);
  };

  const answer: Rule = ({ method, url, body }, response) => {
    const path = url.pathname;
    if (method === 'POST') {
      pod = {
        ...(body as object),
        metadata: { ...(at(body, 'metadata') as object), uid: 'uid-1', resourceVersion: '7' },
      };
      response.writeHead(201).end(JSON.stringify(pod));
      made.resolve(textAt(body, 'spec', 'containers', 0, 'command', 2));
    } else if (url.searchParams.has('watch')) {
      watchers.add(response);
      response.flushHeaders();
      for (const event of events) response.write(event);
    } else if (path === '/api/v1/nodes/n1' && node) {
      response.end(JSON.stringify(node));
    } else if (!path.includes('/pods/') || !pod || !path.includes(`/${textAt(pod, 'metadata', 'name')}`)) {
      refuse(response, 404, 'NotFound', `${path.split('/').at(-2)} "${path.split('/').at(-1)}" not found`);
    } else if (path.endsWith('/log')) {
      refuse(response, 400, 'BadRequest', 'container "probe" is waiting to start: ContainerCreating');
    } else if (method === 'DELETE') {
      deletions.push(body);
      response.end('{}');
      tell('DELETED');
      pod = null;
    } else {
      response.end(JSON.stringify(pod));
    }
    return true;
  };

  const server = http.createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? '', 'http://fake');
    const method = request.method ?? '';
    requests.push(`${method} ${request.url}`);
    const asked = { method, url, body: text === '' ? null : JSON.parse(text) };
    for (const rule of [...rules, answer]) if (rule(asked, response)) return;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = createKubeApi(
    {
      ...{
        context: null,
        cluster: 'fake',
        server: address,
        namespace: 'default',
        impersonate: null,
        compress: false,
        execConfig: null,
        proxy: null,
        nothingChosen: null,
      },
      tls: { ca: null, insecure: false, serverName: null },
      auth: { certifiedKey: null, token: null, tokenFile: null, basic: null, exec: null },
    },
    { version: 'test' },
  );
  return {
    api,
    requests,
    deletions,
    created: made.promise,
    setStatus: (status) => {
      pod = { ...pod, status };
      tell('MODIFIED');
    },
    setNode: (now) => {
      node = now;
    },
    exists: () => pod !== null,
    forget: () => {
      tell('DELETED');
      pod = null;
    },
    [Symbol.asyncDispose]: async () => {
      api.close();
      server.closeAllConnections();
      server.close();
    },
  };
};
