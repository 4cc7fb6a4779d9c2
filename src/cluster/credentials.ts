import { readFileSync } from 'node:fs';
import { ApiError } from './api-error.ts';
import type { CertifiedKey, Connection } from './connection.ts';
import { type ExecSurroundings, runExecPlugin } from './exec-plugin.ts';

/** What goes along with a request. */
export interface Credential {
  /** The value of the Authorization header, or null. */
  readonly authorization: string | null;
  readonly certifiedKey: CertifiedKey | null;
}

/** Gets the credential, once, and again when the server did not accept it. */
export interface Credentials {
  current(signal: AbortSignal): Promise<Credential>;
  /** Whether a new one can be had (exec plugin, token file); the next `current` then brings it. */
  forget(): boolean;
}

const fromFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError('credentials', `failed to read token file "${path}": ${why}`, { cause });
  }
};

const get = async (c: Connection, around: ExecSurroundings, signal: AbortSignal): Promise<Credential> => {
  const { auth } = c;
  const bearer = (token: string | null, certifiedKey: CertifiedKey | null): Credential => ({
    authorization: token === null ? null : `Bearer ${token}`,
    certifiedKey,
  });
  if (auth.tokenFile !== null) return bearer(fromFile(auth.tokenFile), auth.certifiedKey);
  if (auth.token !== null) return bearer(auth.token, auth.certifiedKey);
  if (auth.basic !== null) {
    const pair = Buffer.from(`${auth.basic.username}:${auth.basic.password}`).toString('base64');
    return { authorization: `Basic ${pair}`, certifiedKey: auth.certifiedKey };
  }
  if (auth.exec === null) return bearer(null, auth.certifiedKey);
  const got = await runExecPlugin(auth.exec, c, around, signal);
  return bearer(got.token, got.certifiedKey ?? auth.certifiedKey);
};

/** Makes the credentials of a connection; nothing is read or run before the first use. */
export const createCredentials = (connection: Connection, around: ExecSurroundings): Credentials => {
  let held: Promise<Credential> | null = null;
  return {
    current: (signal) => {
      held ??= get(connection, around, signal);
      return held;
    },
    forget: () => {
      held = null;
      return connection.auth.tokenFile !== null || connection.auth.exec !== null;
    },
  };
};
