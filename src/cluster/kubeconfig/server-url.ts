import { KubeconfigError } from './error.ts';

const parsed = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

/**
 * client-go's DefaultServerURL: what has no scheme is http, whatever else is said about TLS, because kubectl decides it before it looks
 * at certificates. Without a slash at its end. Throws {@link KubeconfigError}.
 */
export const serverUrl = (server: string): string => {
  const whole = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i.test(server);
  const url = parsed(whole ? server : `http://${server}`);
  if (url === null) throw new KubeconfigError(`invalid server URL "${server}"`);
  if (!whole && url.pathname !== '/') throw new KubeconfigError(`host must be a URL or a host:port pair: "${server}"`);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'http' && scheme !== 'https')
    throw new KubeconfigError(`unsupported protocol scheme "${scheme}" of the server ${server}`);
  if (url.username !== '' || url.password !== '') {
    throw new KubeconfigError(
      `the URL of the server ${url.host} holds a user name: netdoctor does not log in by it; give a --token or a client certificate`,
    );
  }
  return `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '');
};
