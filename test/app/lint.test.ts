import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type LintRequest, lint } from '../../src/app/lint.ts';
import { type AnyCheck, check, fail, pass } from '../../src/core/check.ts';
import type { Report } from '../../src/core/report.ts';
import { kernelRelease } from '../../src/facts/kernel/release.ts';
import { fronts } from '../../src/facts/services/fronts.ts';
import { controllers } from '../../src/facts/workloads/controllers.ts';
import { subject } from '../../src/facts/workloads/subject.ts';
import { textNear } from '../parsers/fuzz.ts';

/** Finds in every pod all that has a line, and tells what it knows. */
const everything = check({
  id: 'test/everything',
  title: 'Nothing is anywhere',
  severity: 'warning',
  per: 'pod',
  fromText: true,
  docs: { why: '', links: [] },
  needs: { subject, controllers, fronts },
  wants: {},
  judge: ({ subject: pod, controllers: all, fronts: services }) =>
    fail({
      id: 'here',
      severity: 'warning',
      message: pod.name,
      data: {
        pod: {
          namespace: pod.namespace,
          name: pod.name,
          owner: pod.owner,
          labels: pod.labels,
          grace: pod.graceSeconds,
        },
        controllers: all.map((c) => `${c.kind} ${c.namespace}/${c.name} ${c.replicas}`),
        services: services.map((s) => `${s.namespace}/${s.name} ${s.ingresses?.join() ?? '?'}`),
      },
      evidence: [
        { source: 'the whole', text: 'o' },
        ...pod.containers.map((c) => ({ source: 's', text: c.name, path: c.path })),
        ...pod.containers.map((c) => ({
          source: 's',
          text: c.preStop?.kind ?? 'none',
          path: [...c.path, 'lifecycle', 'preStop'],
        })),
        { source: 's', text: String(pod.graceSeconds), path: ['terminationGracePeriodSeconds'] },
        { source: 's', text: '1', path: ['^', 'replicas'] },
      ],
    }),
});

const notOfText = check({
  id: 'test/live',
  title: 'All lives',
  severity: 'error',
  per: 'pod',
  docs: { why: '', links: [] },
  needs: { subject },
  wants: {},
  judge: () => pass('never'),
});

const needsNode = check({
  id: 'test/node',
  title: 'The node is known',
  severity: 'error',
  per: 'pod',
  fromText: true,
  docs: { why: '', links: [] },
  needs: { subject, kernelRelease },
  wants: {},
  judge: (facts) => pass(facts.kernelRelease),
});

const root = mkdtempSync(join(tmpdir(), 'netdoctor-lint-'));
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(root, 'case-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const put = (files: Readonly<Record<string, string | Uint8Array>>): void => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
};

/** What comes of it, and what could not be read. */
interface Linted {
  readonly report: Report;
  readonly broken: readonly string[];
}

const run = async (
  request: Partial<LintRequest> = {},
  { checks = [everything], stdin = '' }: { checks?: readonly AnyCheck[]; stdin?: string } = {},
): Promise<Linted> => {
  const report = await lint(
    { paths: [dir], recursive: false, namespace: 'default', ...request },
    {
      stdin: async function* () {
        yield Buffer.from(stdin);
      },
    },
    checks,
  );
  return { report, broken: report.broken ?? [] };
};

const short = (text: string): string => text.replaceAll(`${dir}/`, '');

/** "web.yaml:3 Deployment/web: 3 6 8 7 …": the target, and the lines of its evidence. */
const told = ({ report }: Pick<Linted, 'report'>): readonly string[] =>
  report.targets.map((t) => {
    if (t.kind !== 'manifest') return t.kind;
    const mine = report.findings.filter((f) => f.target.name === t.name && f.target.kind === 'manifest');
    const at = mine.flatMap((f) => (f.status === 'fail' ? f.evidence.map((e) => e.source.replace(/.*:/, '')) : []));
    return `${short(t.file)}:${t.line} ${t.namespace} ${t.name}: ${at.join(' ')}`;
  });

const deployment = `# the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    metadata:
      labels: {app: web}
    spec:
      # long
      terminationGracePeriodSeconds: 60
      containers:
        - name: web
          lifecycle:
            preStop:
              exec:
                command: [sleep, "5"]
        - name: log
`;
const deploymentLines = '2 15 20 17 20 13 7';

describe('lines', () => {
  it('of a file', async () => {
    put({ 'web.yaml': deployment });
    const result = await run();
    expect(told(result)).toEqual([`web.yaml:2 default Deployment/web: ${deploymentLines}`]);
    const [finding] = result.report.findings;
    expect(finding?.status === 'fail' && finding.evidence.map((e) => `${short(e.source)}: ${e.text}`)).toEqual([
      'web.yaml:2: the whole: o',
      'web.yaml:15: containers[0]: web',
      'web.yaml:20: containers[1]: log',
      'web.yaml:17: preStop: exec',
      'web.yaml:20: preStop: none',
      'web.yaml:13: terminationGracePeriodSeconds: 60',
      'web.yaml:7: replicas: 1',
    ]);
    expect(finding?.target).toEqual(result.report.targets[0]);
  });

  it('are the same with the line ends of Windows, a byte order mark, in UTF-16, and with what only the full parser reads', async () => {
    const utf16 = Buffer.from(`\ufeff${deployment}`, 'utf16le');
    put({
      'a.yaml': deployment.replaceAll('\n', '\r\n'),
      'b.yaml': `\ufeff${deployment}`,
      'c.yaml': utf16,
      'd.yaml': Buffer.from(utf16).swap16(),
      'e.yaml': deployment.replace('name: web\n', 'name: &name web\n').replace('app: web', 'app: *name'),
      'f.yaml': deployment.replace('name: web\n', 'name: &name web\n').replaceAll('\n', '\r\n'),
    });
    const { broken, report } = await run();
    expect(broken).toEqual([]);
    const lines = report.findings.map((f) => f.status === 'fail' && f.evidence.map((e) => e.source.replace(/.*:/, '')));
    expect(lines).toHaveLength(6);
    for (const of of lines) expect(of).toEqual(deploymentLines.split(' '));
  });

  it('of several documents in a file, of which some are empty, and of standard input', async () => {
    const text = `---\n# Source: web\n---\n${deployment}---\n\n---\n${deployment.replaceAll('web', 'api')}`;
    put({ 'all.yaml': text });
    expect(told(await run())).toEqual([
      'all.yaml:5 default Deployment/web: 5 18 23 20 23 16 10',
      'all.yaml:28 default Deployment/api: 28 41 46 43 46 39 33',
    ]);
    expect(told(await run({ paths: ['-'] }, { stdin: deployment }))).toEqual([
      `-:2 default Deployment/web: ${deploymentLines}`,
    ]);
  });

  it('of JSON and of Lists', async () => {
    const pod = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { containers: [{ name }] },
    });
    put({
      'a.json': JSON.stringify(pod('a'), null, 2),
      'b.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod('b1'), pod('b2')] }, null, 2),
      'c.yaml': [
        'apiVersion: apps/v1',
        'kind: DaemonSetList',
        'items:',
        '- metadata: {name: c1}',
        '  spec:',
        '    template:',
        '      spec:',
        '        containers:',
        '        - name: x',
        '- metadata:',
        '    name: c2',
        '  spec: {template: {spec: {containers: [{name: x}]}}}',
        '',
      ].join('\n'),
      'd.yaml':
        'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: d}\n    spec: {containers: [{name: x}]}\n',
    });
    expect(told(await run())).toEqual([
      'a.json:1 default Pod/a: 1 9 9 7 7',
      'b.json:5 default Pod/b1: 5 13 13 11 11',
      'b.json:19 default Pod/b2: 19 27 27 25 25',
      'c.yaml:4 default DaemonSet/c1: 4 9 9 7 5',
      'c.yaml:10 default DaemonSet/c2: 10 12 12 12 12',
      'd.yaml:7 default Pod/d: 7 10 10 10 10',
    ]);
  });

  it('of every kind that has pods', async () => {
    const of = (apiVersion: string, kind: string, spec: string): string =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n${spec}`;
    const template = (indent: number): string =>
      ['template:', '  spec:', '    terminationGracePeriodSeconds: 5', '    containers:', '      - name: x']
        .map((l) => `${' '.repeat(indent)}${l}\n`)
        .join('');
    const workload = `spec:\n  replicas: 1\n${template(2)}`;
    put({
      '1.yaml': of('v1', 'Pod', 'spec:\n  containers:\n    - name: x\n  terminationGracePeriodSeconds: 5\n'),
      '2.yaml': of('v1', 'PodTemplate', template(0)),
      '3.yaml': of('v1', 'ReplicationController', workload),
      '4.yaml': of('apps/v1', 'ReplicaSet', workload),
      '5.yaml': of('apps/v1', 'StatefulSet', workload),
      '6.yaml': of('apps/v1', 'DaemonSet', workload),
      '7.yaml': of('batch/v1', 'Job', workload),
      '8.yaml': of('batch/v1', 'CronJob', `spec:\n  replicas: 1\n  jobTemplate:\n    spec:\n${template(6)}`),
    });
    const { report } = await run();
    expect(told({ report })).toEqual([
      '1.yaml:1 default Pod/x: 1 6 6 7 4',
      '2.yaml:1 default PodTemplate/x: 1 8 8 6 1',
      '3.yaml:1 default ReplicationController/x: 1 10 10 8 5',
      '4.yaml:1 default ReplicaSet/x: 1 10 10 8 5',
      '5.yaml:1 default StatefulSet/x: 1 10 10 8 5',
      '6.yaml:1 default DaemonSet/x: 1 10 10 8 5',
      '7.yaml:1 default Job/x: 1 10 10 8 5',
      '8.yaml:1 default CronJob/x: 1 12 12 10 5',
    ]);
    expect(report.findings.map((f) => f.status === 'fail' && f.data)).toEqual(
      ['Pod', 'PodTemplate', 'ReplicationController', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'].map(
        (kind) =>
          expect.objectContaining({
            pod: expect.objectContaining({
              name: 'x',
              grace: 5,
              owner: kind === 'Pod' ? null : { kind, name: 'x', uid: '' },
            }),
          }),
      ),
    );
  });
});

describe('what is judged', () => {
  const dataOf = ({ report }: Pick<Linted, 'report'>): unknown => {
    const [finding] = report.findings;
    return finding?.status === 'fail' ? finding.data : null;
  };
  const service = (name: string, more = ''): string =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}${more}}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n`;
  const ingress =
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front}\nspec: {rules: [{http: {paths: [{backend: {service: {name: web}}}]}}]}\n';

  it('the pod with its workload, and the Services and Ingresses of its namespace, from whichever file', async () => {
    put({
      'web.yaml': deployment,
      'svc.yaml': [service('web'), service('api', ', namespace: default'), service('far', ', namespace: other')].join(
        '---\n',
      ),
      'sub/ing.yaml': ingress,
    });
    expect(dataOf(await run({ recursive: true }))).toEqual({
      pod: {
        namespace: 'default',
        name: 'web',
        owner: { kind: 'Deployment', name: 'web', uid: '' },
        labels: { app: 'web' },
        grace: 60,
      },
      controllers: ['Deployment default/web 1'],
      services: ['default/web front', 'default/api '],
    });
    expect(dataOf(await run({ namespace: 'other' }))).toMatchObject({
      pod: { namespace: 'other' },
      services: ['other/web ', 'other/far '],
    });
  });

  it.each([
    ['serving.knative.dev/v1', 'Service'],
    ['batch.volcano.sh/v1', 'Job'],
    ['apps/v1', 'Pod'],
    ['v1', 'Deployment'],
    ['v1', 'ConfigMap'],
    ['v1', 'constructor'],
  ])('nothing of %s %s, which has another shape or none', async (apiVersion, kind) => {
    put({ 'x.yaml': deployment.replace('apps/v1', apiVersion).replace('kind: Deployment', `kind: ${kind}`) });
    expect(await run()).toMatchObject({ broken: [], report: { targets: [], findings: [] } });
  });

  it('what controllers made is judged once, with what made it', async () => {
    const made = (kind: string, name: string, owner: string): string =>
      `apiVersion: ${kind === 'Pod' ? 'v1' : 'apps/v1'}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  ownerReferences: [{controller: true, ${owner}}]\n` +
      `spec: {containers: [{name: x}], template: {spec: {containers: [{name: x}]}}}\n`;
    put({
      'a.yaml': deployment,
      'b.yaml': made('ReplicaSet', 'web-1', 'kind: Deployment, name: web'),
      'c.yaml': made('Pod', 'web-1-x', 'kind: ReplicaSet, name: web-1'),
      'd.yaml': made('Pod', 'gone-x', 'kind: ReplicaSet, name: gone'),
    });
    expect((await run()).report.targets.map((t) => t.kind === 'manifest' && t.name)).toEqual([
      'Deployment/web',
      'Pod/gone-x',
    ]);
  });

  it('what has a generated name', async () => {
    put({
      'a.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {generateName: import-}\nspec: {containers: [{name: x}]}\n',
    });
    expect((await run()).report.targets).toMatchObject([{ name: 'Pod/import-' }]);
  });

  it('by checks that a text can decide; facts of nodes are not chosen', async () => {
    put({ 'web.yaml': deployment });
    const { report } = await run({}, { checks: [everything, notOfText, needsNode] });
    expect(report.findings.map((f) => `${f.check} ${f.status} ${f.message}`)).toEqual([
      'test/everything fail web',
      'test/node skipped lint reads manifests alone',
    ]);
    const one = await run({ checks: ['test/node'] }, { checks: [everything, notOfText, needsNode] });
    expect(one.report.findings.map((f) => f.check)).toEqual(['test/node']);
    await expect(run({ checks: ['test/live'] }, { checks: [everything, notOfText] })).rejects.toThrow(
      'none of the chosen checks (test/live) can be decided by a manifest alone',
    );
    await expect(run({ checks: ['nonsense'] })).rejects.toThrow('no check fits "nonsense"');
  });

  it('into a report', async () => {
    put({ 'web.yaml': deployment });
    const { report } = await run();
    expect(report).toMatchObject({
      apiVersion: 'netdoctor/v1',
      kind: 'Report',
      context: null,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      durationMs: expect.any(Number),
      targets: [
        { kind: 'manifest', namespace: 'default', name: 'Deployment/web', file: join(dir, 'web.yaml'), line: 2 },
      ],
    });
  });
});

describe('files', () => {
  const pod = (name: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: x}]}\n`;
  const names = ({ report }: Pick<Linted, 'report'>): readonly unknown[] =>
    report.targets.map((t) => t.kind === 'manifest' && short(t.file));

  beforeEach(() => {
    put({
      'b.yaml': pod('b'),
      'a.yml': pod('a'),
      'c.json': JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'c' }, spec: { containers: [{}] } }),
      'd.txt': pod('d'),
      'e.yaml.bak': 'x: [',
      'sub/f.yaml': pod('f'),
      'sub.yaml/g.yaml': pod('g'),
    });
    symlinkSync('b.yaml', join(dir, 'link.yaml'));
    symlinkSync('sub', join(dir, 'linked'));
    symlinkSync('sub', join(dir, 'linked.yaml'));
  });

  it('of a directory', async () => {
    const result = await run();
    expect(names(result)).toEqual(['a.yml', 'b.yaml', 'c.json', 'link.yaml']);
    expect(result.broken).toEqual([]);
  });

  it('of the directories below too', async () => {
    expect(names(await run({ recursive: true }))).toEqual([
      'a.yml',
      'b.yaml',
      'c.json',
      'link.yaml',
      'sub/f.yaml',
      'sub.yaml/g.yaml',
    ]);
  });

  it('as they are named, whatever their endings, each once', async () => {
    const paths = ['d.txt', 'sub', 'd.txt', 'sub/f.yaml'].map((p) => join(dir, p));
    expect(names(await run({ paths }))).toEqual(['d.txt', 'sub/f.yaml']);
  });

  it('and standard input between them, once', async () => {
    expect(names(await run({ paths: [join(dir, 'b.yaml'), '-', '-'] }, { stdin: pod('s') }))).toEqual(['b.yaml', '-']);
  });
});

describe('what is broken', () => {
  const good = 'apiVersion: v1\nkind: Pod\nmetadata: {name: good}\nspec: {containers: [{name: x}]}\n';
  const helm = '\nIt looks like a template of Helm: pipe what `helm template` makes of the chart into `lint -f -`.';

  it.each<[string, string | Uint8Array, string]>([
    ['broken YAML', 'a: 1\nb: c: d\n', 'x.yaml:2: bad indentation of a mapping entry'],
    ['a key that is there twice', 'kind: Pod\nkind: Job\n', 'x.yaml:2: the key kind is there twice'],
    ['a tab', 'spec:\n\tcontainers: []\n', 'x.yaml:2: tab characters must not be used in indentation'],
    ['Latin-1', Buffer.from('a: 1\nb: caf\xe9\nc: 1\n', 'latin1'), 'x.yaml:2: not UTF-8 text'],
    ['binary data', Buffer.from([0x1f, 0x8b, 8, 0, 0xff]), 'x.yaml:1: not UTF-8 text'],
    ['a text', '---\n\nhello\n', 'x.yaml:3: no Kubernetes object: it has no fields'],
    ['a list', '- a\n', 'x.yaml:1: no Kubernetes object: it has no fields'],
    ['no kind', 'image:\n  tag: 1\n', 'x.yaml:1: no Kubernetes object: it has no kind'],
    ['no apiVersion', 'kind: Pod\n', 'x.yaml:1: no Kubernetes object: it has no apiVersion'],
    ['a kind that is no text', 'kind: [Pod]\n', 'x.yaml:1: no Kubernetes object: it has no kind'],
    [
      'elements that are none',
      'apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n',
      'x.yaml:4: no Kubernetes object: it has no apiVersion',
    ],
    [
      'a patch',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p}\nspec: {replicas: 2}\n',
      'x.yaml:1: Deployment p has no containers. If it is a patch of Kustomize, pipe what `kubectl kustomize` makes of all into `lint -f -`.',
    ],
    ['no name', 'apiVersion: v1\nkind: Pod\nspec: {containers: [{name: x}]}\n', 'x.yaml:1: Pod has no name'],
    [
      'a template of Helm',
      'kind: Pod\nreplicas: {{ .Values.replicas }}\n',
      `x.yaml:2: a mapping or a list stands where a key must be${helm}`,
    ],
    [
      'a whole template of Helm',
      '{{- if .Values.x }}\nkind: Pod\n{{- end }}\n',
      `x.yaml:1: missed comma between flow collection entries${helm}`,
    ],
    ['part of a value', 'a: 1\nname: {{ .Release.Name }}-web\n', `x.yaml:2: bad indentation of a mapping entry${helm}`],
    [
      'a List in itself',
      'apiVersion: v1\nkind: List\nitems: &l\n- {apiVersion: v1, kind: List, items: *l}\n',
      'x.yaml:4: Lists within Lists, too deep',
    ],
  ])('%s', async (_, content, message) => {
    put({ 'good.yaml': good, 'x.yaml': content });
    const result = await run();
    expect(result.broken.map(short)).toEqual([message]);
    expect(result.report.targets).toMatchObject([{ name: 'Pod/good' }]);
  });

  it('a placeholder in quotes, as Prometheus has them, is none', async () => {
    put({
      'x.yaml': `${good}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ x }}"}\ndata:\n  a: |\n    {{ b }}\n  c: of {{ d }}\n`,
    });
    expect((await run()).broken).toEqual([]);
  });

  it('all of it is told', async () => {
    put({ 'a.yaml': 'a: [', 'b.yaml': 'hello', 'good.yaml': good });
    expect((await run()).broken.map((b) => short(b).replace(/: .*/, ''))).toEqual(['a.yaml:1', 'b.yaml:1']);
  });

  it('a file that is not there, and an empty directory', async () => {
    put({ 'empty/x.txt': '', 'good.yaml': good });
    symlinkSync('nowhere', join(dir, 'gone.yaml'));
    const paths = ['nope.yaml', 'empty', 'good.yaml', 'gone.yaml', 'good.yaml/x'].map((p) => join(dir, p));
    const result = await run({ paths });
    expect(result.broken.map(short)).toEqual([
      'nope.yaml: no such file or directory',
      'empty: no .yaml, .yml or .json file in this directory (-R looks in those below it too)',
      'gone.yaml: no such file or directory',
      'good.yaml/x: no such file or directory',
    ]);
    expect(result.report.targets).toHaveLength(1);
    expect((await run({ paths: [join(dir, 'empty')], recursive: true })).broken.map(short)).toEqual([
      'empty: no .yaml, .yml or .json file in this directory and those below it',
    ]);
    expect((await run()).broken.map(short)).toEqual(['gone.yaml: no such file or directory']);
  });

  it('a link in a circle', async () => {
    symlinkSync('loop.yaml', join(dir, 'loop.yaml'));
    expect((await run({ paths: [join(dir, 'loop.yaml')] })).broken.map(short)).toEqual(['loop.yaml: too many links']);
  });

  it('what is too large, or never ends', async () => {
    put({ 'x.yaml': Buffer.alloc(65 * 1024 * 1024, '# comment\n') });
    expect((await run()).broken.map(short)).toEqual(['x.yaml: larger than 64 MiB']);
    expect((await run({ paths: ['/dev/zero'] })).broken).toEqual(['/dev/zero: larger than 64 MiB']);
  });

  it('Lists that anchors blow up', async () => {
    const pods = `[${Array(300).fill('*p').join(', ')}]`;
    put({
      'x.yaml': `p: &p {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: x}]}}\nl: &l {apiVersion: v1, kind: List, items: ${pods}}\napiVersion: v1\nkind: List\nitems: [${Array(400).fill('*l').join(', ')}]\n`,
    });
    expect((await run()).broken.map(short)).toEqual(['x.yaml:2: more than 10000 objects: the others are not judged']);
  });
});

it('any text gives a report or a fault with its file and line, and never a throw', async () => {
  await fc.assert(
    fc.asyncProperty(
      textNear(deployment, `kind: List\nitems:\n- ${deployment.replaceAll('\n', '\n  ')}`),
      async (text) => {
        const { report, broken } = await run({ paths: ['-'] }, { stdin: text });
        for (const message of broken) expect(message).toMatch(/^-:\d+: ./);
        const lines = text.split('\n').length;
        for (const f of report.findings)
          for (const { source } of f.status === 'fail' ? f.evidence : []) {
            const line = Number(/^-:(\d+)$/.exec(source)?.[1]);
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(lines);
          }
      },
    ),
    { numRuns: 1000 },
  );
});

describe('what is suppressed', () => {
  const suppress = (check: string, subject: string | null) => ({
    suppress: { rules: [{ text: check, check, subject }], reason: 'known' },
  });

  it('is marked, by the name of the object with its kind or without', async () => {
    put({ 'a.yaml': deployment });
    const [plain] = (await run()).report.findings;
    const on = plain?.target.kind === 'manifest' ? plain.target : { namespace: '', name: '' };
    for (const subject of [null, `${on.namespace}/${on.name}`, `${on.namespace}/${on.name.replace(/.*\//, '')}`]) {
      const { report } = await run(suppress('test/everything', subject));
      expect(report.findings).toEqual([{ ...plain, suppressed: { reason: 'known' } }]);
    }
    expect((await run(suppress('test', 'elsewhere/*'))).report.findings).toEqual([plain]);
  });

  it('has to be a check', async () => {
    put({ 'a.yaml': deployment });
    await expect(run(suppress('test/everythin', null))).rejects.toThrow('did you mean test/everything?');
  });
});
