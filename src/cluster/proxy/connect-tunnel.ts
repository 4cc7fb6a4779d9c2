import type http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { proxyAuthorization } from './authorization.ts';
import { authority, type Endpoint, endpointOf } from './endpoint.ts';
import { ProxyError } from './error.ts';
import type { ProxyTls } from './trust.ts';

const refusal = (target: Endpoint, response: http.IncomingMessage): ProxyError => {
  const status = response.statusCode ?? 0;
  const hint = status === 407 ? '; give its user and password in the URL' : '';
  return new ProxyError(
    `${response.statusMessage || 'unknown status code'}: CONNECT ${authority(target)} was answered with ${status}${hint}`,
    String(status),
  );
};

/**
 * A connection to the target through an http or https proxy (CONNECT). Throws {@link ProxyError} where the proxy says no, and Node's errors
 * where it cannot be reached. `tls` is for the proxy itself.
 */
export const connectTunnel = (proxy: URL, target: Endpoint, tls: ProxyTls, signal: AbortSignal): Promise<Socket> => {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const request = proxy.protocol === 'https:' ? https.request : process.getBuiltinModule('node:http').request;
  const req = request({
    ...endpointOf(proxy),
    ...(proxy.protocol === 'https:' ? tls : {}),
    method: 'CONNECT',
    path: authority(target),
    headers: { Host: authority(target), ...proxyAuthorization(proxy) },
    agent: false,
    signal,
  });
  req.once('connect', (response, socket: Socket, head) => {
    if (response.statusCode === 200) {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    } else {
      socket.destroy();
      reject(refusal(target, response));
    }
  });
  req.once('error', reject);
  req.end();
  return promise;
};
