import type { Socket } from 'node:net';
import type { Connection, ProxyServer } from '../connection.ts';
import { networkWords } from '../network-words.ts';
import { connectTunnel } from './connect-tunnel.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';
import { ProxyError } from './error.ts';
import { shownProxy } from './shown.ts';
import { proxyTls } from './trust.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Says of an error that it is the proxy's, and which proxy it is, in the words of Go's net/http. */
export const proxyFailure = (error: unknown, proxy: ProxyServer, signal: AbortSignal): unknown => {
  if (signal.aborted) return error;
  const said = error instanceof ProxyError ? error.message : networkWords(error, endpointOf(new URL(proxy.url)))[1];
  const how = proxy.url.startsWith('socks') ? 'socks connect tcp' : 'proxyconnect tcp';
  return new ProxyError(`${how}: ${said}; the proxy is ${shownProxy(proxy)}`, codeOf(error), error);
};

/** A connection to the target through the proxy. Throws {@link ProxyError}, or the signal's reason. */
export const openTunnel = async (
  proxy: ProxyServer,
  target: Endpoint,
  tls: Connection['tls'],
  signal: AbortSignal,
): Promise<Socket> => {
  const url = new URL(proxy.url);
  try {
    if (!proxy.url.startsWith('socks'))
      return await connectTunnel(url, target, proxyTls(tls, endpointOf(url).host), signal);
    const { socksTunnel } = await import('./socks-tunnel.ts');
    return await socksTunnel(url, target, signal);
  } catch (error) {
    throw proxyFailure(error, proxy, signal);
  }
};
