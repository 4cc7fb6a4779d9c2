import { BlockList, isIP } from 'node:net';
import type { Env } from './locate.ts';

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80');

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const inNetwork = (host: string, entry: string): boolean => {
  const [, address = '', bits = ''] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
  const version = isIP(address);
  if (version === 0 || isIP(host) !== version || Number(bits) > (version === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, version === 4 ? 'ipv4' : 'ipv6');
};

const matches = (host: string, port: string, entry: string): boolean => {
  if (entry === '*') return true;
  if (entry.includes('/')) return inNetwork(host, entry);
  const [, bracketed, plain, entryPort] = /^(?:\[(.*)\]|([^:]*|.*:.*:.*))(?::(\d+))?$/.exec(entry) ?? [];
  const name = (bracketed ?? plain ?? entry).toLowerCase();
  if (entryPort !== undefined && entryPort !== port) return false;
  if (name.startsWith('*.')) return host.endsWith(name.slice(1));
  if (name.startsWith('.')) return host.endsWith(name);
  return host === name || (isIP(name) === 0 && host.endsWith(`.${name}`));
};

/**
 * The proxy that the environment prescribes for this server, or null: HTTPS_PROXY, HTTP_PROXY and NO_PROXY (and their lower-case
 * forms) as Go's net/http reads them, which never sends loopback through a proxy (golang.org/x/net/http/httpproxy).
 */
export const proxyFor = (server: string, env: Env): { readonly variable: string; readonly proxy: string } | null => {
  const url = new URL(server);
  const names = url.protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const variable = names.find((n) => env[n]);
  const proxy = variable && env[variable];
  if (!variable || !proxy) return null;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isLoopback(host)) return null;
  const exceptions = (env.NO_PROXY || env.no_proxy || '').split(',').map((e) => e.trim());
  return exceptions.some((e) => e !== '' && matches(host, portOf(url), e)) ? null : { variable, proxy };
};
