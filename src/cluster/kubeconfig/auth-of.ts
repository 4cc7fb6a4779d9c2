import type { Auth } from '../connection.ts';
import type { UserEntry } from './entries.ts';
import { KubeconfigError } from './error.ts';
import { type ReadFile, readMaterial } from './read-material.ts';

/**
 * How a user authenticates over TLS. Reads certificate and key. Throws {@link KubeconfigError} where kubectl would ask the terminal who we
 * are, and for an auth-provider.
 */
export const authOf = (u: UserEntry, name: string, read: ReadFile): Auth => {
  const certificate = readMaterial(u.clientCertificate, 'client-cert', name, read);
  const key = certificate === null ? null : readMaterial(u.clientKey, 'client-key', name, read);
  if (u.authProvider !== null) {
    throw new KubeconfigError(
      `no Auth Provider found for name "${u.authProvider}": netdoctor has none for user "${name}"; ` +
        'use an exec credential plugin, or give a --token',
    );
  }
  const certifiedKey = certificate !== null && key !== null ? { certificate, key } : null;
  const basic = u.username === null ? null : { username: u.username, password: u.password ?? '' };
  if (!certifiedKey && !basic && u.token === null && u.tokenFile === null && u.exec === null) {
    throw new KubeconfigError(
      `${name === '' ? 'no user is chosen, so nothing' : `nothing in user "${name}"`} says who you are. kubectl would now ask for a ` +
        'Username and a Password, which Kubernetes has not accepted since 1.19: ' +
        'choose a --context with a user, a --user, or give a --token or a --client-certificate with its --client-key',
    );
  }
  return { certifiedKey, token: u.token, tokenFile: u.tokenFile, basic, exec: u.exec };
};
