import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Gives all that is in a folder the modes of a release, whatever the umask: 0755 to folders and to the files of these names below it, 0644 to others. */
export const setModes = (folder: string, executables: ReadonlySet<string>): void => {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    chmodSync(path, statSync(path).isDirectory() || executables.has(name) ? 0o755 : 0o644);
  }
};
