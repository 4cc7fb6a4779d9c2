// lab: it adds webhooks and policies to the cluster, and needs a webhook server beside the API server
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../cluster/certificates.ts';
import {
  apply,
  type Ended,
  kubectl,
  netdoctor,
  type Running,
  reportOf,
  startInLab,
  until,
} from '../support/cluster.ts';

const prefix = 'e2e-refusals';
const inNamespace = (name: string) => `${prefix}-${name}`;
const webhookPort = 9743;
const names = [
  'restricted',
  'baseline',
  'quota',
  'must',
  'memory',
  'max',
  'default',
  'min',
  'gone',
  'hook',
  'down',
  'policy',
];
const rights = ['none', 'log', 'delete'];

const namespaceObject = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: inNamespace(name), labels },
});
const quota = (name: string, hard: object) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'few', namespace: inNamespace(name) },
  spec: { hard },
});
const limits = (name: string, limit: object) => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'few', namespace: inNamespace(name) },
  spec: { limits: [{ type: 'Container', ...limit }] },
});
const only = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': inNamespace(name) } });
const pods = [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }];
const webhook = (name: string, port: number, ca: string) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: inNamespace(name) },
  webhooks: [
    {
      ...{ name: `${name}.refusals.example.org`, rules: pods, namespaceSelector: only(name), sideEffects: 'None' },
      ...{ admissionReviewVersions: ['v1'], failurePolicy: 'Fail', timeoutSeconds: 2 },
      clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(ca).toString('base64') },
    },
  ],
});
const policy = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: inNamespace('policy') },
    spec: {
      matchConstraints: { resourceRules: pods },
      validations: [{ expression: '!object.spec.?hostPID.orValue(false)', message: 'no host processes here' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: inNamespace('policy') },
    spec: {
      policyName: inNamespace('policy'),
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: only('policy') },
    },
  },
];

/** What a webhook server that refuses every pod runs; its certificate comes on standard input. */
const refuser = `
const pair = JSON.parse(require('fs').readFileSync(0, 'utf8'));
require('https').createServer(pair, (request, response) => {
  let text = '';
  request.on('data', (d) => { text += d; });
  request.on('end', () => {
    const { uid } = JSON.parse(text).request;
    const status = { code: 403, message: 'no pod may see a node' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: false, status } }));
  });
}).listen(${webhookPort}, '127.0.0.1', () => console.error('listening'));
setTimeout(() => process.exit(), 1_200_000);
`;

/** The commands of an advice: its indented lines. */
const commandsOf = (ended: Ended): readonly string[] =>
  ended.stderr.split('\n').flatMap((line) => (line.startsWith('  kubectl ') ? [line.trim()] : []));

/** Carries the commands out as they stand. */
const carryOut = async (commands: readonly string[]): Promise<string> => {
  let out = '';
  for (const command of commands) {
    const ended = await startInLab(['sh', '-c', command]).done;
    expect(ended, command).toMatchObject({ code: 0 });
    out += ended.stdout;
  }
  return out;
};

describe('a refusal names its remedy', () => {
  let node = '';
  let server: Running | null = null;
  const probe = (namespace: string, ...args: readonly string[]) =>
    netdoctor(['node', node, '--window', '0', '-o', 'json', '--probe-namespace', namespace, ...args]);
  const refused = async (name: string, ...args: readonly string[]): Promise<Ended> => {
    const ended = await probe(inNamespace(name), ...args);
    expect(ended, ended.stderr).toMatchObject({ code: 1, stdout: '' });
    return ended;
  };
  const works = (ended: Ended): void => {
    expect([0, 2, 3], ended.stderr).toContain(ended.code);
    expect(reportOf(ended, ended.code ?? 1).targets).toMatchObject([{ via: 'debug-pod', unread: null }]);
  };

  beforeAll(async () => {
    node = await kubectl(['get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}']);
    const ca = { ...makeCertificate('refusals CA', null), cn: 'refusals CA' };
    server = startInLab([process.execPath, '-e', refuser], {
      input: JSON.stringify(makeCertificate('refusals', ca)),
      timeoutMs: 1_200_000,
    });
    const enforce = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });
    await apply(
      ...[...names, ...rights].map((n) => namespaceObject(n, ['restricted', 'baseline'].includes(n) ? enforce(n) : {})),
      quota('quota', { pods: '0' }),
      quota('must', { 'limits.cpu': '4', 'requests.cpu': '4' }),
      quota('memory', { 'limits.memory': '100Mi', 'requests.memory': '10Mi' }),
      limits('max', { max: { memory: '128Mi' } }),
      limits('default', { default: { cpu: '5m' }, defaultRequest: { cpu: '5m' } }),
      limits('min', { min: { cpu: '100m' } }),
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'hold', namespace: inNamespace('gone'), finalizers: ['example.org/hold'] },
      },
      webhook('hook', webhookPort, ca.cert),
      webhook('down', webhookPort + 1, ca.cert),
      ...policy,
    );
    await kubectl(['delete', 'namespace', inNamespace('gone'), '--wait=false']);
    await until('the webhook server listens', 10_000, async () =>
      server?.stderrSoFar().includes('listening') ? true : null,
    );
  });

  afterAll(async () => {
    server?.kill('SIGTERM');
    await kubectl(['delete', 'validatingwebhookconfigurations', inNamespace('hook'), inNamespace('down')]);
    await kubectl(['delete', 'validatingadmissionpolicybindings,validatingadmissionpolicies', inNamespace('policy')]);
    const free = ['--type', 'merge', '-p', '{"metadata":{"finalizers":null}}'];
    await kubectl(['patch', 'configmap', 'hold', '-n', inNamespace('gone'), ...free]);
    await kubectl([
      ...['delete', 'namespace', 'netdoctor', '--wait=false', '--ignore-not-found'],
      ...[...names, ...rights, 'missing'].map(inNamespace),
    ]);
  });

  it.each(['restricted', 'baseline'])('PodSecurity %s', async (level) => {
    const ended = await refused(level);
    expect(ended.stderr).toContain(`is forbidden: violates PodSecurity "${level}:latest": `);
    await carryOut(commandsOf(ended));
    works(await probe(inNamespace(level)));
  });

  it.each([
    ['quota', 'exceeded quota: few, requested: pods=1, used: pods=0, limited: pods=0'],
    ['must', 'failed quota: few: must specify limits.cpu for: probe'],
    ['memory', 'exceeded quota: few, requested: limits.memory=256Mi,requests.memory=32Mi'],
    ['max', 'maximum memory usage per Container is 128Mi, but limit is 256Mi'],
    ['default', 'must be less than or equal to cpu limit of 5m'],
    ['min', 'minimum cpu usage per Container is 100m, but request is 10m'],
    ['gone', 'because it is being terminated'],
  ])('%s: %s; a namespace of its own helps', async (name, words) => {
    const ended = await refused(name);
    expect(ended.stderr).toContain(words);
    const commands = commandsOf(ended);
    expect(commands).toHaveLength(2);
    expect(ended.stderr).toContain('--probe-namespace netdoctor,');
    if (name !== 'quota') return;
    await carryOut(commands);
    works(await probe('netdoctor'));
  });

  it('a namespace that does not exist', async () => {
    const ended = await refused('missing');
    expect(ended.stderr).toContain(`Error from server (NotFound): namespaces "${inNamespace('missing')}" not found`);
    await carryOut(commandsOf(ended));
    works(await probe(inNamespace('missing')));
  });

  it('a webhook that denies', async () => {
    const ended = await until('the webhook is known', 10_000, async () => {
      const e = await probe(inNamespace('hook'));
      return e.code === 1 && e.stderr.includes('denied the request') ? e : null;
    });
    expect(ended.stderr).toContain(
      'admission webhook "hook.refusals.example.org" denied the request: no pod may see a node',
    );
    expect(await carryOut(commandsOf(ended))).toContain('hook.refusals.example.org');
  });

  it('a webhook that is down', async () => {
    const ended = await refused('down');
    expect(ended.stderr).toMatch(/failed calling webhook "down\.refusals\.example\.org": .*connection refused/);
    expect(await carryOut(commandsOf(ended))).toContain('down.refusals.example.org');
  });

  it('an admission policy', async () => {
    const ended = await until('the policy is known', 20_000, async () => {
      const e = await probe(inNamespace('policy'));
      return e.code === 1 ? e : null;
    });
    expect(ended.stderr).toContain('denied request: no host processes here');
    expect(await carryOut(commandsOf(ended))).toContain('matchResources');
  });

  it.each([
    ['none', [], 'create resource "pods"'],
    ['log', ['create,get,watch,delete', 'pods'], 'get resource "pods/log"'],
    ['delete', ['create,get,watch', 'pods,pods/log'], 'delete resource "pods"'],
  ])('rights: %s', async (name, [verbs, resources], words) => {
    const user = `${prefix}-${name}'s`;
    const where = ['--namespace', inNamespace(name)];
    if (verbs !== undefined) {
      await kubectl(['create', 'role', 'some', ...where, `--verb=${verbs}`, `--resource=${resources}`]);
      await kubectl(['create', 'rolebinding', 'some', ...where, '--role=some', `--user=${user}`]);
    }
    const ended = await refused(name, '--as', user);
    expect(ended.stderr).toContain(`User "${user}" cannot ${words}`);
    await carryOut(commandsOf(ended));
    works(await probe(inNamespace(name), '--as', user));
  });
});
