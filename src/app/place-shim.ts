import { chmodSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ShimTarget, shim } from './shim.ts';

/** Where a shim is to be, and what it is to call. */
export interface ShimRequest {
  readonly dir: string;
  /** The words by which this program is called, its paths absolute. */
  readonly argv: readonly string[];
  /** As process.platform. */
  readonly platform: string;
}

/** What became of it. */
export interface ShimOutcome {
  readonly path: string;
  readonly done: 'written' | 'there already' | 'removed' | 'not there';
}

/** Whether one is there. Throws for a file that is not one of ours: it is somebody's work. */
const isThere = (path: string): boolean => {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (stat.isFile() && stat.size < 65_536 && shim.isOwn(readFileSync(path, 'utf8'))) return true;
  throw new Error(`${path} is there, and not written by netdoctor: it is left as it is`);
};

const siblings = (platform: string): readonly string[] =>
  platform === 'win32' ? ['kubectl-netdoctor.exe', 'kubectl-netdoctor.cmd'] : ['kubectl-netdoctor'];

const targetOf = ({ dir, argv, platform }: ShimRequest): ShimTarget => {
  const name = siblings(platform).find((file) => existsSync(join(dir, file)));
  return name === undefined ? { kind: 'program', argv } : { kind: 'sibling', name };
};

/**
 * Puts the shim into a directory by one rename, or takes it away. Overwrites and removes none but an earlier shim. Throws with a reason, also
 * where there is no such directory.
 */
export const placeShim = (request: ShimRequest, what: 'install' | 'uninstall'): ShimOutcome => {
  const dir = resolve(request.dir);
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${dir} is not a directory`);
  const path = join(dir, shim.name(request.platform));
  const there = isThere(path);
  if (what === 'uninstall') {
    if (!there) return { path, done: 'not there' };
    rmSync(path);
    return { path, done: 'removed' };
  }
  const text = shim.text(request.platform, targetOf({ ...request, dir }));
  if (there && readFileSync(path, 'utf8') === text) return { path, done: 'there already' };
  const part = join(dir, `.kubectl_complete-netdoctor.${process.pid}`);
  try {
    writeFileSync(part, text, { flag: 'wx' });
    chmodSync(part, 0o755);
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
  return { path, done: 'written' };
};
