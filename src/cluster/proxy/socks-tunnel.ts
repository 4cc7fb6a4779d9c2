import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { SocksClient } from 'socks';
import { proxyUser } from './authorization.ts';
import { authority, type Endpoint, endpointOf } from './endpoint.ts';
import { ProxyError } from './error.ts';

/** How long the proxy may take to reach the target, in milliseconds; an API request has a shorter bound of its own. */
const limitMs = 120_000;

/**
 * A connection to the target through a SOCKS 5 proxy, which resolves the target's name, whether the URL says socks5 or socks5h: so does Go.
 * Throws {@link ProxyError} where the proxy says no, and Node's errors where it cannot be reached.
 */
export const socksTunnel = async (proxy: URL, target: Endpoint, signal: AbortSignal): Promise<Socket> => {
  const { host, port } = endpointOf(proxy);
  const socket = connect({ host, port, signal });
  await once(socket, 'connect');
  const who = proxyUser(proxy);
  try {
    const through = await SocksClient.createConnection({
      existing_socket: socket,
      proxy: { host, port, type: 5, ...(who ? { userId: who.user, password: who.password } : {}) },
      destination: target,
      command: 'connect',
      timeout: limitMs,
    });
    return through.socket;
  } catch (cause) {
    socket.destroy();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ProxyError(`it does not connect to ${authority(target)}: ${why}`, 'SOCKS', cause);
  }
};
