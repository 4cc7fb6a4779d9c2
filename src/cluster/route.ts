import type http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { Connection } from './connection.ts';
import type { Credential } from './credentials.ts';
import { proxyAuthorization } from './proxy/authorization.ts';
import { endpointOf } from './proxy/endpoint.ts';
import { proxyTls } from './proxy/trust.ts';
import { openTunnel, proxyFailure } from './proxy/tunnel.ts';
import { tlsOptions } from './tls-options.ts';

/** How requests get to the API server. */
export interface Route {
  readonly request: typeof http.request;
  readonly agent: http.Agent;
  readonly host: string;
  readonly port: number;
  /** What stands before the path: nothing, or scheme and server where a proxy is asked for the whole URL. */
  readonly before: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Says whose fault an error of a connection is. */
  readonly blame: (error: unknown, signal: AbortSignal) => unknown;
}

/** Not imported: an import of node:http looks at all its exports, and some of them load Node's whole fetch, 10 ms, at once. */
const plainHttp = () => process.getBuiltinModule('node:http');

const kept = { keepAlive: true, scheduling: 'lifo' } as const;

/** Makes the agent open its connections by `open`, and do its own TLS inside of them. */
const through = (agent: http.Agent, secure: boolean, open: () => Promise<Duplex>): http.Agent => {
  const wrap = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    open().then(
      (socket) => callback?.(null, secure ? (wrap({ ...options, socket } as typeof options) ?? socket) : socket),
      (error) => callback?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
};

/**
 * The way to the server: straight, through a tunnel, or, for http behind an http proxy, by asking the proxy for whole URLs. Connections
 * are kept and used again in all three. `closing` ends tunnels that are being opened.
 */
export const routeTo = (c: Connection, credential: Credential, closing: AbortSignal): Route => {
  const server = new URL(c.server);
  const target = endpointOf(server);
  const secure = server.protocol === 'https:';
  const { proxy } = c;
  const agent = secure ? new https.Agent({ ...kept, ...tlsOptions(c, credential) }) : new (plainHttp().Agent)(kept);
  const straight: Route = {
    request: secure ? https.request : plainHttp().request,
    agent,
    ...target,
    before: '',
    headers: {},
    blame: (error) => error,
  };
  if (proxy === null) return straight;
  if (secure || proxy.url.startsWith('socks'))
    return { ...straight, agent: through(agent, secure, () => openTunnel(proxy, target, c.tls, closing)) };
  const url = new URL(proxy.url);
  const proxyEnd = endpointOf(url);
  return {
    request: url.protocol === 'https:' ? https.request : plainHttp().request,
    agent: url.protocol === 'https:' ? new https.Agent({ ...kept, ...proxyTls(c.tls, proxyEnd.host) }) : agent,
    ...proxyEnd,
    before: `http://${server.host}`,
    headers: { Host: server.host, ...proxyAuthorization(url) },
    blame: (error, signal) => proxyFailure(error, proxy, signal),
  };
};
