import { readFileSync } from 'node:fs';
import { ApiError } from './api-error.ts';
import type { Auth, CertifiedKey, Connection } from './connection.ts';
import { type ExecSurroundings, runExecPlugin } from './exec-plugin.ts';
import { goWords } from './kubeconfig/go-words.ts';

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
    throw new ApiError('credentials', goWords(cause, path), { cause });
  }
};

/** client-go takes the file's token wherever it can read one, and the other only where it cannot. */
const tokenOf = (auth: Auth): string | null => {
  if (auth.tokenFile === null) return auth.token;
  if (auth.token === null) {
    const token = fromFile(auth.tokenFile);
    if (token !== '') return token;
    throw new ApiError('credentials', `read empty token from file "${auth.tokenFile}"`);
  }
  try {
    return readFileSync(auth.tokenFile, 'utf8').trim() || auth.token;
  } catch {
    return auth.token;
  }
};

const get = async (c: Connection, around: ExecSurroundings, signal: AbortSignal): Promise<Credential> => {
  const { auth } = c;
  const { certifiedKey } = auth;
  const token = tokenOf(auth);
  if (token !== null) return { authorization: `Bearer ${token}`, certifiedKey };
  if (auth.basic !== null) {
    const pair = Buffer.from(`${auth.basic.username}:${auth.basic.password}`).toString('base64');
    return { authorization: `Basic ${pair}`, certifiedKey };
  }
  if (certifiedKey !== null || auth.exec === null) return { authorization: null, certifiedKey };
  const got = await runExecPlugin(auth.exec, c, around, signal);
  return { authorization: got.token === null ? null : `Bearer ${got.token}`, certifiedKey: got.certifiedKey };
};

/** Whether asking again may bring another credential. */
const changes = ({ tokenFile, token, basic, certifiedKey, exec }: Auth): boolean =>
  tokenFile !== null || (exec !== null && token === null && basic === null && certifiedKey === null);

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
      return changes(connection.auth);
    },
  };
};
