import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Makes a directory of the applets of this machine's busybox, as links: what the image of the debug pod has, and nothing else. */
export const applets = (dir: string): void => {
  mkdirSync(dir);
  const { status, stderr, error } = spawnSync('busybox', ['--install', '-s', dir], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`busybox --install: ${error?.message ?? stderr}`);
};
