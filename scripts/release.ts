/**
 * Makes the packages of a release; scripts/release sets up and calls this:
 *   scripts/release [--only linux_amd64[,darwin_arm64…]] [--out FOLDER] [--base-url URL]
 * For each platform an archive with everything that netdoctor needs, Node included; the npm package, which has no Node; SHA256SUMS; a CycloneDX SBOM;
 * and the krew manifest with their sums, as plugin.yaml and, as krew's own validator wants it, netdoctor.yaml. The same commit gives the same bytes.
 * SOURCE_DATE_EPOCH, or else the time of the commit, is the time of every file. docs/decisions/0017-node-beside-the-bundle.md says why they are so.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { list } from 'tar';
import { archive } from './lib/archive.ts';
import { bundle } from './lib/bundle.ts';
import { bundledPackages } from './lib/bundled-packages.ts';
import { krewManifest, type ReleasedArchive } from './lib/krew-manifest.ts';
import { machOSignature } from './lib/mach-o-signature.ts';
import { notices } from './lib/notices.ts';
import { type ReleasePlatform, releasePlatforms } from './lib/release-platforms.ts';
import { sbom } from './lib/sbom.ts';
import { stage } from './lib/stage.ts';
import { stageNpm } from './lib/stage-npm.ts';

/** Whose signature Node for macOS has: that of the Node.js Foundation. */
const nodeTeam = 'HX7739G8FX';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
const idOf = ({ os, arch }: ReleasePlatform): string => `${os}_${arch}`;

const usage = `usage: scripts/release [--only PLATFORM[,PLATFORM]…] [--out FOLDER] [--base-url URL]
platforms: ${releasePlatforms.map(idOf).join(', ')}`;

const give = (text: string): never => {
  console.error(text);
  process.exit(1);
};

const options = () => {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        out: { type: 'string', default: join(root, 'dist') },
        'base-url': {
          type: 'string',
          default: `https://example.com/kubectl-netdoctor/releases/download/v${version}`,
        },
      },
    }).values;
  } catch (error) {
    return give(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
};

const { only, out: outOption, 'base-url': base } = options();
const names = only.flatMap((o) => o.split(','));
const wrong = names.find((name) => !releasePlatforms.some((p) => idOf(p) === name));
if (wrong !== undefined) give(`no platform is called "${wrong}"\n${usage}`);
if (process.platform !== 'linux') give('Packages are made on Linux.');
const platforms = releasePlatforms.filter((p) => names.length === 0 || names.includes(idOf(p)));

const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const madeAt = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? git('log', '-1', '--format=%ct')) * 1000);
if (Number.isNaN(madeAt.getTime())) give('SOURCE_DATE_EPOCH must be a number of seconds');
if (process.env.SOURCE_DATE_EPOCH === undefined && git('status', '--porcelain') !== '')
  console.error('netdoctor: there are changes that are not committed, and they go into the packages');

/** The file of an archive, by its name. */
const inArchive = async (file: string, name: string): Promise<Buffer> => {
  let found: Promise<Buffer> | null = null;
  await list({
    file,
    onReadEntry: (entry) => {
      if (entry.path === name) found = entry.concat();
    },
  });
  if (found === null) throw new Error(`${file} has no ${name}`);
  return await found;
};

/** What was shipped for macOS is what Node's makers signed, page by page; or it is not shipped. */
const checkSignature = async (file: string): Promise<void> => {
  const { team, pages, faults } = machOSignature(await inArchive(file, 'node'));
  if (team !== nodeTeam) throw new Error(`${file}: node is signed by ${team ?? 'nobody'}, and not by ${nodeTeam}`);
  if (faults.length > 0) throw new Error(`${file}: the signature of node is not valid:\n${faults.join('\n')}`);
  console.log(`  signed by ${team}, ${pages} pages compared`);
};

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);

const out = resolve(outOption);
mkdirSync(out, { recursive: true });
const ofRelease = /^(kubectl-netdoctor[_-]v?\d.*|SHA256SUMS|plugin\.yaml|netdoctor\.yaml)$/;
for (const file of readdirSync(out)) if (ofRelease.test(file)) rmSync(join(out, file));
const work = mkdtempSync(join(out, '.release-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const bundled = join(work, 'bundle');
const { sources } = await bundle(root, bundled, 'kubectl-netdoctor.js');
const packages = bundledPackages(root, sources);

const made: string[] = [];
const archives: ReleasedArchive[] = [];
for (const platform of platforms) {
  const { os, arch, node } = platform;
  const folder = join(work, idOf(platform));
  mkdirSync(folder);
  await stage({
    root,
    folder,
    platform,
    bundle: bundled,
    notices: (license) => notices(packages, { version: node.version, license }),
  });
  const name = `kubectl-netdoctor_v${version}_${idOf(platform)}.${os === 'windows' ? 'zip' : 'tar.gz'}`;
  const file = join(work, name);
  await archive(folder, file, madeAt);
  console.log(
    `${name}: ${megabytes(statSync(file).size)}, unpacked ${megabytes(sizeOf(folder))}, Node ${node.version}`,
  );
  if (os === 'darwin') await checkSignature(file);
  renameSync(file, join(out, name));
  rmSync(folder, { recursive: true });
  made.push(name);
  archives.push({ os, arch, file: name, sha256: sha256(join(out, name)) });
}

const npm = `kubectl-netdoctor-${version}.tgz`;
stageNpm(root, join(work, 'npm'), bundled, notices(packages, null));
await archive(join(work, 'npm'), join(out, npm), madeAt);

const parts = `kubectl-netdoctor_v${version}.cdx.json`;
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
};
writeFileSync(
  join(out, parts),
  sbom({
    version,
    madeAt,
    packages,
    integrity: (path) => lock.packages[path]?.integrity,
    nodes: platforms.map((p) => ({ platform: `${p.os}/${p.arch}`, node: p.node })),
  }),
);

writeFileSync(join(out, 'plugin.yaml'), krewManifest(readFileSync(join(root, 'plugin.yaml'), 'utf8'), base, archives));
copyFileSync(join(out, 'plugin.yaml'), join(out, 'netdoctor.yaml'));

made.push(npm, parts, 'plugin.yaml', 'netdoctor.yaml');
writeFileSync(join(out, 'SHA256SUMS'), made.map((name) => `${sha256(join(out, name))}  ${name}\n`).join(''));
console.log(readFileSync(join(out, 'SHA256SUMS'), 'utf8').trimEnd());
