import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Built, built } from '../support/built.ts';

const hook = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
const { Segmenter } = Intl;
Intl.Segmenter = class extends Segmenter {
  constructor(...args) {
    super(...args);
    appendFileSync(process.env.LOADED_FILE, 'a segmenter\\n');
  }
};
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync(process.env.LOADED_FILE, url + '\\n');
    return next(url, context);
  },
});`;

/** What stands in the code of these parts and nowhere else. */
const parts = {
  'the API client': 'KUBERNETES_SERVICE_HOST',
  'the YAML reader': 'tag:yaml.org,2002',
  'the checks': '99-z-netdoctor-ports.conf',
  'the lists': 'colors.setTheme now only accepts',
  'the spinner': 'dots12',
  'the SOCKS client': 'Socks5',
  yargs: 'Not enough non-option arguments',
} as const;

let program: Built;
let dir = '';
beforeAll(async () => {
  program = await built();
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-lazy-'));
  writeFileSync(join(dir, 'hook.mjs'), hook);
}, 60_000);
afterAll(() => {
  program[Symbol.dispose]();
  rmSync(dir, { recursive: true });
});

const loaded = async (args: readonly string[]): Promise<readonly string[]> => {
  const list = join(dir, 'loaded');
  rmSync(list, { force: true });
  await program.run(args, { NODE_OPTIONS: `--import ${join(dir, 'hook.mjs')}`, LOADED_FILE: list, HOME: dir });
  const lines = readFileSync(list, 'utf8').trim().split('\n');
  const files = lines.filter((l) => l.startsWith('file:')).map((url) => readFileSync(fileURLToPath(url), 'utf8'));
  const found = Object.entries(parts).flatMap(([part, text]) => (files.some((f) => f.includes(text)) ? [part] : []));
  return lines.includes('a segmenter') ? [...found, 'a segmenter'] : found;
};

it.each([
  [['--help']],
  [['node', '--help']],
  [['help', 'pod']],
  [['options']],
  [['__complete', '']],
  [['__complete', 'node', '-']],
  [['__complete', 'explain', '']],
  [['checks', '-ojson']],
  [['explain', 'ports/nodeport-overlap']],
  [['version']],
  [['version', '-ojson']],
  [['--version']],
  [['nonsense']],
  [['node', '--nonsense']],
])('%j pays for nothing that it does not use', async (args) => {
  expect(await loaded(args)).toEqual([]);
});

it.each([[['node']], [['pod']], [['lint']]])('%j pays for the parser alone', async (args) => {
  expect(await loaded(args)).toEqual(['yargs']);
});

it('checks pays for the list that it prints, and not for the checks or yargs', async () => {
  expect(await loaded(['checks'])).toEqual(['the lists']);
});

it('a node pays for what it takes, and for no spinner or SOCKS', async () => {
  expect(await loaded(['node', 'n1', '--server', 'http://127.0.0.1:1'])).toEqual([
    'the API client',
    'the YAML reader',
    'the checks',
    'the lists',
    'yargs',
  ]);
});

it('what is not ASCII takes a segmenter, made when the first such text comes', async () => {
  const bundle = join(import.meta.dirname, '../bundles/i1-ipvs-kubelet-victim.bundle');
  expect(await loaded(['node', '--from', bundle])).toContain('a segmenter');
});

it('lint pays for YAML and checks, and for nothing that talks to a cluster', async () => {
  writeFileSync(
    join(dir, 'pod.yaml'),
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a}]}\n',
  );
  expect(await loaded(['lint', '-f', join(dir, 'pod.yaml')])).toEqual([
    'the YAML reader',
    'the checks',
    'the lists',
    'yargs',
  ]);
});

it('completion of nodes pays for the API client and the kubeconfig alone', async () => {
  expect(await loaded(['__complete', 'node', '--server', 'http://127.0.0.1:1', ''])).toEqual([
    'the API client',
    'the YAML reader',
  ]);
  expect(await loaded(['__complete', 'node', '--context', ''])).toEqual(['the YAML reader']);
});
