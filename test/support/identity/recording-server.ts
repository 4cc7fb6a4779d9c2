import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** A server on loopback that notes who asks it. */
export interface RecordingServer {
  readonly port: number;
  readonly close: () => void;
}

interface Options {
  readonly name: string;
  readonly address?: string;
  /** With TLS; asks for a client certificate, takes any. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly note: (line: string) => void;
}

const lists: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [{ name: 'nodes', singularName: 'node', namespaced: false, kind: 'Node', verbs: ['get', 'list'] }],
  },
};

const failure = (code: number, reason: string, message: string): object => ({
  ...{ kind: 'Status', apiVersion: 'v1', status: 'Failure' },
  ...{ reason, message, code },
});

/** Go and Node write names in different case; HTTP does not tell them apart, and neither does the API server. */
const identityHeaders = (raw: readonly string[]): string[] =>
  raw
    .flatMap((name, i) =>
      i % 2 === 0 && /^(authorization|impersonate-.*)$/i.test(name) ? [`${name.toLowerCase()}: ${raw[i + 1]}`] : [],
    )
    .sort();

const whoAsks = (request: http.IncomingMessage): string[] => {
  const socket = request.socket as Partial<TLSSocket>;
  const sni = typeof socket.servername === 'string' ? [`SNI ${socket.servername}`] : [];
  const cn = socket.getPeerCertificate?.()?.subject?.CN;
  return [...sni, ...(cn === undefined ? [] : [`certificate of ${cn}`]), ...identityHeaders(request.rawHeaders)];
};

/**
 * Starts a server that knows no node. It notes its name, the path before `/api`, and every sign of who asks, for requests of nodes only.
 * The token "old" is refused with 401.
 */
export const recordingServer = async (o: Options): Promise<RecordingServer> => {
  const listener: http.RequestListener = (request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    const prefix = path.slice(0, Math.max(path.indexOf('/api'), 0));
    const node = /\/api\/v1\/nodes\/([^/]+)$/.exec(path)?.[1];
    if (node !== undefined) o.note([`${o.name}${prefix}`, `node ${node}`, ...whoAsks(request)].join(', '));
    const old = request.headers.authorization === 'Bearer old';
    const list = lists[path.slice(prefix.length)];
    const body = old
      ? failure(401, 'Unauthorized', 'Unauthorized')
      : (list ?? failure(404, 'NotFound', `nodes "${node}" not found`));
    response.writeHead(old ? 401 : list ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const server = o.tls
    ? https.createServer({ ...o.tls, requestCert: true, rejectUnauthorized: false }, listener)
    : http.createServer(listener);
  await new Promise<void>((done) => server.listen(0, o.address ?? '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
