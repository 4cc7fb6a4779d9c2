import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, startInLab } from '../support/cluster.ts';
import { type PluginOnPath, pluginOnPath } from '../support/plugin-on-path.ts';
import { threeTries } from '../support/three-tries.ts';

let plugin: PluginOnPath;
beforeAll(() => {
  plugin = pluginOnPath();
});
afterAll(() => plugin[Symbol.dispose]());

const run = (...argv: readonly string[]) => startInLab(plugin.argv(argv)).done;
/** As the shells ask kubectl. */
const complete = async (...words: readonly string[]) => {
  const { code, stdout, ms } = await run('kubectl', '__complete', 'netdoctor', ...words);
  const lines = stdout.trimEnd().split('\n');
  return { code, words: lines.slice(0, -1).map((l) => l.split('\t')[0]), directive: lines.at(-1), ms };
};
/** Where the API must be asked: completion gives up in silence after two seconds, which a busy machine may need. */
const asked: typeof complete = (...words) =>
  threeTries(
    () => complete(...words),
    (told) => told.words.length > 0,
  );
const names = async (...what: readonly string[]): Promise<readonly string[]> =>
  (await kubectl(['get', ...what, '-o', 'jsonpath={range .items[*]}{.metadata.name} {end}'])).trim().split(' ');

it('completion --install makes kubectl complete what the cluster has', async () => {
  const { code, stdout } = await run('kubectl', 'netdoctor', 'completion', '--install');
  expect(code).toBe(0);
  expect(stdout).toContain(`Written: ${join(plugin.dir, 'kubectl_complete-netdoctor')}\n`);
  expect(stdout).not.toContain('not on PATH');

  const nodes = await names('nodes');
  const [first = ''] = nodes;
  expect(await asked('node', '')).toMatchObject({ code: 0, words: nodes, directive: ':4' });
  expect((await asked('node', first.slice(0, -1))).words).toContain(first);
  expect((await asked('node', first, '')).words).not.toContain(first);
  expect((await asked('no')).words).toEqual(['node']);
  expect((await asked('pod', '-n', 'kube-s')).words).toEqual(['kube-system']);
  expect((await asked('pod', '--namespace=kube-p')).words).toEqual(['kube-public']);
  expect((await asked('node', '--fail-on', 'e')).words).toEqual(['error']);
  expect((await asked('explain', 'mtu/')).words).toEqual(['mtu/mismatch']);

  const pods = await names('pods', '-n', 'kube-system');
  expect(new Set((await asked('pod', '-n', 'kube-system', '')).words)).toEqual(
    new Set([...pods, 'po/', 'deploy/', 'sts/', 'ds/', 'rs/', 'job/', 'svc/']),
  );
  const services = await names('services');
  expect((await asked('pod', 'svc/')).words).toEqual(services.map((name) => `svc/${name}`));

  const context = (await kubectl(['config', 'current-context'])).trim();
  expect((await asked('node', '--context', '')).words).toContain(context);
  expect((await asked('node', '--context', context, '')).words).toEqual(nodes);
});

it('an API that is away, a wrong context and wrong flags: silence', async () => {
  const quiet = { code: 0, words: [], directive: ':4' };
  expect(await complete('node', '--server', 'http://127.0.0.1:1', '')).toMatchObject(quiet);
  expect(await complete('node', '--context', 'none', '')).toMatchObject(quiet);
  expect(await complete('node', '--bogus', '')).toMatchObject(quiet);
  const ended = await run('kubectl_complete-netdoctor', 'node', '--server', 'http://127.0.0.1:1', '');
  expect(ended).toMatchObject({ code: 0, stdout: ':4\n', stderr: '' });
});

it('an API that does not answer: silence within the time-out', async () => {
  // beside the API server, where the command runs
  const silent = `require('node:net').createServer(() => {}).listen(0, '127.0.0.1', function () {
    const child = require('node:child_process').spawn('kubectl', ['__complete', 'netdoctor', 'node', '--server', 'http://127.0.0.1:' + this.address().port, ''], { stdio: ['ignore', 'inherit', 'ignore'] });
    child.on('close', (code) => process.exit(code));
  })`;
  const ended = await run(process.execPath, '-e', silent);
  expect(ended).toMatchObject({ code: 0, stdout: ':4\n' });
  expect(ended.ms).toBeGreaterThan(2000);
  expect(ended.ms).toBeLessThan(10_000);
});

it('completion --uninstall leaves nothing', async () => {
  expect((await run('kubectl', 'netdoctor', 'completion', '--uninstall')).code).toBe(0);
  expect(readdirSync(plugin.dir)).toEqual(['kubectl-netdoctor']);
});
