import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePackage } from './node-package.ts';
import { type ReleasePlatform, releasePlatforms } from './release-platforms.ts';
import { run } from './run.ts';
import { setModes } from './set-modes.ts';
import { strippedElf } from './stripped-elf.ts';
import { unsignedPe } from './unsigned-pe.ts';

const executables = new Set(['node', 'kubectl-netdoctor', 'kubectl-netdoctor.exe']);
const minutes = 5;

/** What goes into an archive. */
export interface Staging {
  readonly root: string;
  /** An empty folder; what is put there goes to the top of the archive. */
  readonly folder: string;
  readonly platform: ReleasePlatform;
  /** The folder of the bundle, whose entry is kubectl-netdoctor.js. */
  readonly bundle: string;
  /** The notices, given Node's licence. */
  readonly notices: (nodeLicense: string) => string;
}

type Files = ReadonlyMap<string, Buffer>;

const fileOf = (files: Files, name: string, platform: ReleasePlatform): Buffer => {
  const file = files.get(name);
  if (!file) throw new Error(`${platform.node.name}@${platform.node.version} has no ${name}`);
  return file;
};

/** Node for Windows comes without it; that of another system, of the same version, has the same. */
const licenseOf = async (root: string, platform: ReleasePlatform, files: Files): Promise<string> => {
  const own = files.get('LICENSE');
  if (own) return own.toString();
  const other = releasePlatforms.find((p) => p.os !== platform.os && p.node.version === platform.node.version);
  if (!other) throw new Error(`nothing has the licence of Node ${platform.node.version}`);
  return fileOf(await nodePackage(root, other.node), 'LICENSE', other).toString();
};

/** A single executable application (SEA) that loads the files beside it: krew wants an .exe on Windows. */
const windowsExecutable = async ({ root, folder, platform }: Staging, node: Buffer): Promise<void> => {
  if (process.versions.node !== platform.node.version)
    throw new Error(`the .exe is made by Node ${platform.node.version} only, and this is ${process.versions.node}`);
  const executable = join(folder, '..', 'node.exe');
  const config = join(folder, '..', 'sea.json');
  writeFileSync(executable, unsignedPe(node));
  const sea = {
    main: join(root, 'scripts/lib/sea-main.cjs'),
    executable,
    output: join(folder, 'kubectl-netdoctor.exe'),
    disableExperimentalSEAWarning: true,
    execArgvExtension: 'none',
  };
  writeFileSync(config, JSON.stringify(sea));
  const signal = AbortSignal.timeout(minutes * 60_000);
  const { ok, output } = await run([process.execPath, '--build-sea', config], { cwd: folder, signal });
  if (!ok) throw new Error(`the .exe was not made:\n${output}`);
  for (const file of [executable, config]) rmSync(file);
};

/** Puts everything that a platform's archive has into a folder. */
export const stage = async (staging: Staging): Promise<void> => {
  const { root, folder, platform, bundle, notices } = staging;
  const files = await nodePackage(root, platform.node);
  cpSync(bundle, join(folder, 'lib'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'THIRD_PARTY_NOTICES.txt'), notices(await licenseOf(root, platform, files)));
  if (platform.os === 'windows') await windowsExecutable(staging, fileOf(files, 'node.exe', platform));
  else {
    const node = fileOf(files, 'node', platform);
    // any change would make the signature invalid, without which macOS on arm64 runs nothing
    writeFileSync(join(folder, 'node'), platform.os === 'darwin' ? node : strippedElf(node));
    cpSync(join(root, 'scripts/lib/launcher.sh'), join(folder, 'kubectl-netdoctor'));
  }
  setModes(folder, executables);
};
