import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Env } from './env.ts';

/**
 * The folder where Node may keep compiled code, below kubectl's own cache, which is made where it is missing; null when the home is another user's (sudo), who
 * could not write there afterwards. Throws when it cannot be made. Never below /tmp, Node's default, where another user could have put code for us.
 */
export const codeCache = (env: Env, home: string): string | null => {
  const cache = env.KUBECACHEDIR || join(home, '.kube/cache');
  if (!existsSync(cache)) {
    if (statSync(home).uid !== process.getuid?.()) return null;
    // one by one: asked for the whole path, Node 22 to 26 never end below /proc
    for (const folder of [dirname(cache), cache]) if (!existsSync(folder)) mkdirSync(folder, 0o750);
  }
  return join(cache, 'netdoctor');
};
