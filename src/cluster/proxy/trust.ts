import { isIP } from 'node:net';
import { type ConnectionOptions, getCACertificates } from 'node:tls';
import type { Connection } from '../connection.ts';

/** What TLS needs to know of the proxy. */
export type ProxyTls = Required<Pick<ConnectionOptions, 'ca' | 'rejectUnauthorized' | 'servername'>>;

/**
 * The TLS of an https proxy itself. It may be signed by the system's authorities or by the cluster's, which is where kubectl looks; the
 * client certificate and the server name of the cluster stay inside of the tunnel.
 */
export const proxyTls = (tls: Connection['tls'], host: string): ProxyTls => ({
  ca: [...getCACertificates('system'), ...(tls.ca === null ? [] : [tls.ca])],
  rejectUnauthorized: !tls.insecure,
  servername: isIP(host) === 0 ? host : '',
});
