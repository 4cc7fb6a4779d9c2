import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Env } from './env.ts';

/** Of this user, and nobody else may write there but this user's own group. Windows has other means, and homes are closed there. */
const isOurs = (folder: string): boolean => {
  const { uid, gid, mode } = statSync(folder);
  if (process.getuid === undefined) return true;
  const written = (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== process.getgid?.());
  return uid === process.getuid() && !written;
};

/**
 * The folder where Node may keep compiled code, below kubectl's own cache, which is made where it is missing; null when it or the home is another user's (sudo),
 * who could not write there afterwards, or others may write there. Throws when it cannot be made. Never below /tmp, Node's default, where another user could have put code for us.
 */
export const codeCache = (env: Env, home: string): string | null => {
  const cache = env.KUBECACHEDIR || join(home, '.kube/cache');
  const own = join(cache, 'netdoctor');
  // code that another user can write would be run as us
  if ([cache, own].some((folder) => existsSync(folder) && !isOurs(folder))) return null;
  if (!existsSync(cache)) {
    if (!isOurs(home)) return null;
    // one by one: asked for the whole path, Node 22 to 26 never end below /proc
    for (const folder of [dirname(cache), cache]) if (!existsSync(folder)) mkdirSync(folder, 0o750);
  }
  return own;
};
