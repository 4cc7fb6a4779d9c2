import type { ProxyServer } from '../connection.ts';
import { KubeconfigError } from './error.ts';
import type { Env } from './locate.ts';
import { proxyFor } from './proxy-for.ts';

const fromKubeconfig = (proxyUrl: string, cluster: string): ProxyServer => {
  const refuse = (why: string): KubeconfigError =>
    new KubeconfigError(`invalid 'proxy-url' for cluster "${cluster}": ${why}`);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(proxyUrl)?.[1]?.toLowerCase() ?? '';
  if (!['http', 'https', 'socks5'].includes(scheme))
    throw refuse(`unsupported scheme "${scheme}", must be http, https, or socks5`);
  if (!URL.canParse(proxyUrl) || new URL(proxyUrl).hostname === '') throw refuse('could not parse it');
  return { url: proxyUrl, variable: null };
};

const fromEnvironment = (server: string, env: Env): ProxyServer | null => {
  const found = proxyFor(server, env);
  if (!found) return null;
  const { variable } = found;
  const url = found.proxy.includes('://') ? found.proxy : `http://${found.proxy}`;
  const scheme = url.slice(0, url.indexOf(':')).toLowerCase();
  // what Go cannot parse is no proxy to it; that would lead past a proxy that somebody meant
  if (!URL.canParse(url) || new URL(url).hostname === '') throw new KubeconfigError(`${variable} is no URL of a proxy`);
  if (!['http', 'https', 'socks5', 'socks5h'].includes(scheme))
    throw new KubeconfigError(`${variable}: unsupported scheme "${scheme}", must be http, https, socks5 or socks5h`);
  if (variable === 'HTTP_PROXY' && env.REQUEST_METHOD)
    throw new KubeconfigError('refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy');
  return { url, variable };
};

/**
 * The proxy that kubectl goes through: the cluster's proxy-url, for whatever server, else that of the environment. Throws
 * {@link KubeconfigError}, without the URL, which may hold a password.
 */
export const proxyOf = (
  server: string,
  cluster: { readonly name: string; readonly proxyUrl: string | null },
  env: Env,
): ProxyServer | null =>
  cluster.proxyUrl === null ? fromEnvironment(server, env) : fromKubeconfig(cluster.proxyUrl, cluster.name);
