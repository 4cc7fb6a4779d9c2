import { expect, test } from 'vitest';
import type { NamesRequest } from '../../src/app/names-in-cluster.ts';
import { commands } from '../../src/cli/commands.ts';
import { runCli, type World } from '../support/cli-run.ts';

const there: Readonly<Record<NamesRequest['of'], readonly string[]>> = {
  node: ['worker-1', 'worker-2', 'other'],
  namespace: ['default', 'kube-system'],
  pod: ['web-0', 'web-1', 'dns'],
  deployment: ['web', 'api'],
  statefulset: ['db'],
  daemonset: [],
  replicaset: [],
  job: [],
  service: ['web'],
};

/** What is offered after these words, parted by one space each; a space at the end begins a new word. */
const complete = async (line: string, world: World = {}) => {
  const asked: NamesRequest[] = [];
  const run = await runCli(['__complete', ...line.split(' ')], {
    namesInCluster: async (request) => {
      asked.push(request);
      return there[request.of];
    },
    ...world,
  });
  const lines = run.stdout.split('\n').slice(0, -1);
  return { ...run, asked, words: lines.slice(0, -1).map((l) => l.split('\t')[0] ?? ''), directive: lines.at(-1) };
};
const nothing = { words: [], directive: ':4', code: 0, stderr: '' };

test.each([
  ['', ['node', 'pod', 'lint', 'checks', 'explain', 'cleanup', 'completion', 'version', 'options', 'help']],
  ['c', ['checks', 'cleanup', 'completion']],
  ['--context c1 -nfoo no', ['node']],
  // nodes
  ['node ', ['worker-1', 'worker-2', 'other']],
  ['node w', ['worker-1', 'worker-2']],
  ['node worker-2 ', ['worker-1', 'other']],
  ['node worker-2 --window 2s w', ['worker-1']],
  ['node node/w', ['node/worker-1', 'node/worker-2']],
  ['node no/o', ['no/other']],
  ['node --all=false o', ['other']],
  // pods and what has pods
  ['pod web-', ['web-0', 'web-1']],
  ['pod web-0 w', ['web-1']],
  ['pod deploy/', ['deploy/web', 'deploy/api']],
  ['pod deploy/web deploy/', ['deploy/api']],
  ['pod Deployment/w', ['Deployment/web']],
  ['pod sts ', ['db']],
  ['pod deploy web ', ['api']],
  ['pod svc/', ['svc/web']],
  // values of flags
  ['node -o ', ['table', 'json', 'yaml', 'junit', 'sarif', 'markdown']],
  ['node --output j', ['json', 'junit']],
  ['node --output=j', ['json', 'junit']],
  ['node -o=', ['table', 'json', 'yaml', 'junit', 'sarif', 'markdown']],
  ['node -oj', ['-ojson', '-ojunit']],
  ['checks -oj', ['-ojson']],
  ['node --fail-on e', ['error']],
  ['node --color ', ['auto', 'always', 'never']],
  ['node --rights f', ['full']],
  ['node --image-pull-policy=If', ['IfNotPresent']],
  ['node --all=', ['true', 'false']],
  ['version -o ', ['json', 'yaml']],
  ['pod -n ', ['default', 'kube-system']],
  ['pod --namespace=k', ['kube-system']],
  ['pod -nd', ['-ndefault']],
  ['node --probe-namespace k', ['kube-system']],
  ['cleanup -n d', ['default']],
  ['--namespace d', ['default']],
  ['node --context ', ['some-context']],
  ['node --cluster ', ['some-cluster']],
  ['cleanup --user=some', ['some-user']],
  // checks
  ['explain ', ['ports/nodeport-overlap']],
  ['node --suppress ports/n', ['ports/nodeport-overlap']],
  ['help e', ['explain']],
  ['completion ', ['bash', 'zsh', 'fish', 'powershell']],
  ['completion z', ['zsh']],
  // flags
  ['-', ['--help', '-h', '--version']],
  ['checks -', ['--output', '-o', '--color', '--help', '-h']],
  ['checks -ojson -', ['--color', '--help', '-h']],
  ['node --node', ['--node-port-range']],
  ['node --context a --con', []],
  ['node --as-group a --as-g', ['--as-group']],
  ['node -v', ['-v']],
])('%j offers %j', async (line, words) => {
  expect(await complete(line)).toMatchObject({ words, code: 0, stderr: '' });
});

test.each([
  ['bogus '],
  ['node --bogus '],
  ['node --bogus x'],
  ['node --bogus=x'],
  ['checks --window '],
  ['node --all=maybe '],
  ['node -l '],
  ['node -l a'],
  ['node --image '],
  ['node --all '],
  ['node -l a=b '],
  ['node --local w'],
  ['pod -A '],
  ['pod cronjob/'],
  ['explain ports/nodeport-overlap '],
  ['checks '],
  ['cleanup '],
  ['completion bash '],
  ['__proto__ '],
  ['node --__proto__=x'],
  ['node --constructor '],
])('%j offers nothing, and says nothing of it', async (line) => {
  expect(await complete(line)).toMatchObject(nothing);
});

test.each([
  ['lint ', ':0'],
  ['lint -f a.yaml ', ':0'],
  ['lint --filename=', ':0'],
  ['node --from ', ':0'],
  ['node --since b', ':0'],
  ['pod --save=', ':0'],
  ['node --kubeconfig ', ':0'],
  ['completion --dir ', ':0'],
  // more may follow in the word
  ['node --checks po', ':6'],
  ['pod de', ':6'],
  ['pod ', ':4'],
])('what follows %j: %s', async (line, directive) => {
  expect(await complete(line)).toMatchObject({ directive, code: 0 });
});

test('checks are offered with their areas, in lists with commas, each once, with what they say', async () => {
  expect((await complete('node --checks ')).stdout).toBe(
    'ports/*\tall of them\nports/nodeport-overlap\tNo NodePort lies in the ephemeral range\n:6\n',
  );
  expect((await complete('lint --checks=ports/*,po')).words).toEqual(['ports/*,ports/nodeport-overlap']);
  expect((await complete('pod --checks kernel/ip-forward,ports/*,ports/nodeport-overlap,')).words).toEqual([]);
});

test('kinds are offered before a slash, by the word that was begun', async () => {
  expect((await complete('pod d')).words).toEqual(['dns', 'deploy/', 'ds/']);
  expect((await complete('pod deploym')).words).toEqual(['deployment/']);
  expect((await complete('pod po')).words).toEqual(['po/']);
});

test('the cluster is asked that the line says, for the namespace that it says', async () => {
  const { asked } = await complete('--context c1 pod --kubeconfig=k -nshop --as me --as-group a --as-group b web');
  const flags = { context: 'c1', kubeconfig: 'k', namespace: 'shop', as: 'me', asGroup: ['a', 'b'] };
  expect(asked).toEqual([{ of: 'pod', flags }]);
});

test('an API that says nothing leaves what needs none', async () => {
  const namesInCluster = () => Promise.reject(new Error('\x1b[31mno'));
  expect(await complete('node ', { namesInCluster })).toMatchObject(nothing);
  expect(await complete('pod -n ', { namesInCluster })).toMatchObject(nothing);
  expect(await complete('pod s', { namesInCluster })).toMatchObject({ words: ['sts/', 'svc/'], stderr: '', code: 0 });
});

test('the API has two seconds at most', async () => {
  const namesInCluster: World['namesInCluster'] = (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const began = performance.now();
  // a timer that keeps no process alive: this one does
  const alive = setInterval(() => {}, 100);
  expect(await complete('node ', { namesInCluster })).toMatchObject(nothing);
  clearInterval(alive);
  expect(performance.now() - began).toBeGreaterThan(1900);
});

test('what is no plain word is not offered: shells insert it as it stands', async () => {
  const names = ['ok', 'a b', 'x\ty', 'x\ny', '$(id)', '`id`', "a'b", 'a"b', 'a;b', '\x1b[31m', 'a\\b', ':4\n'];
  const namesInCluster = async () => names;
  expect((await complete('node ', { namesInCluster })).stdout).toBe('ok\n:4\n');
});

test('no words at all', async () => {
  const { stdout, code } = await runCli(['__complete']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^node\t/);
});

test('every command is offered in the words of the help, and help itself for each', async () => {
  const all = commands.map((c) => `${c.name}\t${c.about}`);
  expect((await complete('')).stdout.split('\n')).toEqual([...all, ':4', '']);
  expect((await complete('help ')).stdout.split('\n')).toEqual([...all, ':4', '']);
});
