import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { list } from 'tar';
import type { NodePackage } from './release-platforms.ts';
import { run } from './run.ts';
import { pathWithTools } from './tool-suite.ts';

const minutes = 5;

const integrityOf = (file: string): string =>
  `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;

/** The archive of an npm package, fetched by npm unless it was already, with the sum that it must have. */
const fetched = async (root: string, { name, version, integrity }: NodePackage): Promise<string> => {
  const folder = join(root, 'node_modules/.cache/netdoctor-release');
  const file = join(folder, `${name}-${version}.tgz`);
  if (existsSync(file) && integrityOf(file) === integrity) return file;
  mkdirSync(folder, { recursive: true });
  const ran = await run(['npm', 'pack', '--silent', '--pack-destination', folder, `${name}@${version}`], {
    cwd: folder,
    env: { PATH: pathWithTools(root) },
    signal: AbortSignal.timeout(minutes * 60_000),
  });
  if (!ran.ok) throw new Error(`npm could not fetch ${name}@${version}:\n${ran.output}`);
  const found = integrityOf(file);
  if (found === integrity) return file;
  rmSync(file);
  throw new Error(`${name}@${version} of the npm registry has the sum ${found}, and not ${integrity}`);
};

/** Files of an npm package that holds Node, by their names: the executable as `node` or `node.exe`, and LICENSE where it has one. */
export const nodePackage = async (root: string, node: NodePackage): Promise<ReadonlyMap<string, Buffer>> => {
  const wanted = ['package/bin/node', 'package/bin/node.exe', 'package/LICENSE'];
  const files = new Map<string, Buffer>();
  const reading: Promise<unknown>[] = [];
  await list({
    file: await fetched(root, node),
    filter: (path) => wanted.includes(path),
    onReadEntry: (entry) => void reading.push(entry.concat().then((data) => files.set(basename(entry.path), data))),
  });
  await Promise.all(reading);
  return files;
};
