import type { ProxyServer } from '../connection.ts';

/** The proxy without its user and password, and where it comes from: `http://proxy:3128 (HTTPS_PROXY)`. */
export const shownProxy = (p: ProxyServer): string => {
  const url = new URL(p.url);
  return `${url.protocol}//${url.host} (${p.variable ?? 'proxy-url of the kubeconfig'})`;
};
