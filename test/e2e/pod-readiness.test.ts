// lab: it stops a kubelet, takes a node's CNI configuration away and makes Node objects that no machine stands behind
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import { apply, applyFix, kubectl, labCommand, netdoctor, onNode, reportOf, until } from '../support/cluster.ts';
import { type GhostNodes, ghostNodes } from '../support/ghost-node.ts';

const namespace = 'e2e-readiness';
const node = 'node2';
const ghost = 'e2e-ghost';
const youngGhost = 'e2e-ghost-young';
const lostGhost = 'e2e-ghost-lost';
const cniConfig = '/etc/cni/net.d/10-lab.conflist';

const seconds = (n: number): Promise<void> => new Promise((r) => setTimeout(r, n * 1000));
const ago = (n: number): string => new Date(Date.now() - n * 1000).toISOString();
const meta = (name: string, more: object = {}) => ({ name, namespace, labels: { app: name }, ...more });

/** A web server that ends on SIGTERM. */
const httpd = {
  name: 'httpd',
  image: 'busybox:1.36',
  imagePullPolicy: 'IfNotPresent',
  command: [
    'sh',
    '-c',
    "echo ok >/tmp/index.html; trap 'kill $p; wait $p; exit 0' TERM; httpd -f -p 8080 -h /tmp & p=$!; wait $p",
  ],
  ports: [{ containerPort: 8080 }],
};
const readinessProbe = { httpGet: { path: '/index.html', port: 8080 }, periodSeconds: 1 };

const service = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name),
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
});
const deployment = (name: string, podSpec: object, spec: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: meta(name),
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    template: { metadata: { labels: { app: name } }, spec: podSpec },
    ...spec,
  },
});
const onNode2 = { nodeSelector: { 'kubernetes.io/hostname': node } };
const bothNodes = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node1', node] }] },
        ],
      },
    },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'healthy' } } },
      ],
    },
  },
};
const ghostPod = (name: string, spec: object = {}, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(name, more),
  spec: { nodeName: ghost, containers: [httpd], ...spec },
});

const ghostPods = ['gate-met', 'gate-unmet', 'failing', 'completed', 'leaving-ghost', 'by-other', 'ready'];

/** What a condition is besides its type. */
interface Condition {
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly lastTransitionTime?: string;
}

const setStatus = (pod: string, manager: string, status: object): Promise<string> => {
  const patch = JSON.stringify({ status });
  const how = ['--subresource=status', '--type=strategic', `--field-manager=${manager}`];
  return kubectl(['patch', 'pod', pod, '-n', namespace, ...how, '-p', patch]);
};
const setCondition = (pod: string, manager: string, type: string, condition: Condition): Promise<string> =>
  setStatus(pod, manager, { conditions: [{ type, lastTransitionTime: ago(600), ...condition }] });

let addresses = 0;
/** What a kubelet says of a pod that runs, ten minutes ago. */
const asKubelet = (pod: string, o: { readonly phase?: string; readonly ready?: boolean } = {}): Promise<string> => {
  const ready = o.ready ?? true;
  const podIP = `10.244.99.${++addresses}`;
  const condition = (type: string, more: object = {}) => ({ type, lastTransitionTime: ago(600), ...more });
  const says = ready ? { status: 'True' } : { status: 'False', reason: 'ContainersNotReady' };
  return setStatus(pod, 'kubelet', {
    phase: o.phase ?? 'Running',
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: ago(700),
    conditions: [
      condition('Initialized', { status: 'True' }),
      condition('PodScheduled', { status: 'True' }),
      condition('ContainersReady', says),
      condition('Ready', says),
    ],
    containerStatuses: [
      {
        name: 'httpd',
        image: httpd.image,
        imageID: '',
        ready,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: ago(650) } },
      },
    ],
  });
};
/** What the node lifecycle controller does to a pod of a node that is lost. */
const asController = (pod: string, since = ago(600)): Promise<string> =>
  setCondition(pod, 'kube-controller-manager', 'Ready', { status: 'False', lastTransitionTime: since });
const asStale = async (pod: string): Promise<void> => {
  await asKubelet(pod);
  await asController(pod);
};

const run = (...args: readonly string[]) => netdoctor(['pod', '-n', namespace, ...args, '-o', 'json']);
/** The API alone, the readiness checks alone. */
const readiness = async (code: number, ...refs: readonly string[]): Promise<Report> =>
  reportOf(await run('--no-probe', '--checks', 'readiness/*', ...refs), code);
const all = (report: Report, check: string): readonly Finding[] => report.findings.filter((f) => f.check === check);
const of = (report: Report, check: string, pod?: string): Finding => {
  const found = all(report, check).filter((f) => pod === undefined || f.target.name === pod);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} findings of ${check} on ${pod ?? 'the pod'}`);
  return found[0];
};
const failing = (report: Report, check: string): readonly string[] =>
  all(report, check).flatMap((f) => (f.status === 'fail' ? [f.target.name] : []));
const statuses = (report: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(report.findings.map((f) => [f.check.replace('readiness/', ''), f.status]));

interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly managedFields: readonly {
      readonly manager: string;
      readonly subresource?: string;
      readonly fieldsV1: { readonly 'f:status'?: { readonly 'f:conditions'?: Readonly<Record<string, object>> } };
    }[];
  };
  readonly status: { readonly conditions: readonly (Condition & { readonly type: string })[] };
}
const podsOf = async (...query: readonly string[]): Promise<readonly PodObject[]> => {
  const out = await kubectl(['get', 'pods', '-n', namespace, ...query, '-o', 'json', '--show-managed-fields']);
  return (JSON.parse(out) as { readonly items: readonly PodObject[] }).items;
};
const podOf = async (app: string): Promise<PodObject> => {
  const [first] = await podsOf('-l', `app=${app}`);
  if (!first) throw new Error(`no pod of ${app}`);
  return first;
};
const conditionOf = (pod: PodObject, type: string) => pod.status.conditions.find((c) => c.type === type);
/** Who owns the status of the pod's Ready condition. */
const writerOf = (pod: PodObject): string | undefined => {
  const owned = pod.metadata.managedFields.find(
    (m) => 'f:status' in (m.fieldsV1['f:status']?.['f:conditions']?.['k:{"type":"Ready"}'] ?? {}),
  );
  return owned && `${owned.manager}, ${owned.subresource}`;
};
const nodeReady = async (): Promise<string> =>
  await kubectl(['get', 'node', node, '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}']);
const nodeIs = (status: string): Promise<true> =>
  until(`${node} is Ready=${status}`, 90_000, async () => ((await nodeReady()) === status ? true : null));
const podIs = (app: string, status: string): Promise<PodObject> =>
  until(`${app} is Ready=${status}`, 90_000, async () => {
    const pod = await podOf(app);
    return conditionOf(pod, 'Ready')?.status === status ? pod : null;
  });
const rolledOut = async (...names: readonly string[]): Promise<void> => {
  for (const name of names) await kubectl(['rollout', 'status', '-n', namespace, `deploy/${name}`, '--timeout=90s']);
};
const cni = (from: string, to: string): Promise<string> =>
  onNode(node, ['sh', '-c', `[ ! -e ${from} ] || mv ${from} ${to}`]);
const kubelet = (what: 'start' | 'stop' | 'pause' | 'resume'): Promise<void> =>
  labCommand('service', node, 'kubelet', what);

/** Looks again and again, from before the pod is Ready again until a few looks later: nothing may be found at any time. */
const nothingWhileRecovering = async (): Promise<void> => {
  const seen = new Set<string>();
  let after = 0;
  while (after < 3) {
    const report = await readiness(0, 'deploy/flap', 'deploy/flap-bare');
    for (const check of ['readiness/stale', 'readiness/workload-mismatch', 'readiness/ready-on-dead-node']) {
      expect(failing(report, check)).toEqual([]);
      for (const f of all(report, check)) seen.add(`${f.status}: ${f.message.replaceAll(/\d+ s/g, 'N s')}`);
    }
    if (all(report, 'readiness/stale').every((f) => f.message === 'Ready is True')) after++;
  }
  console.log([...seen].join('\n'));
};

describe('readiness of pods', () => {
  let ghosts: GhostNodes;
  let scratch: string;
  /** When the node was lost, and later when it came back. */
  let since = 0;
  let removed = 0;
  let goneAfter: Promise<number> = Promise.reject(new Error('its node was not deleted'));
  goneAfter.catch(() => {});
  let stalePod: string;
  const staleOnes = (): readonly string[] => ['by-other', 'edge', 'edge-node', 'edge-gate', 'gate-met', stalePod];

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'netdoctor-e2e-'));
    ghosts = await ghostNodes(ghost, youngGhost, lostGhost);
    const gate = { readinessGates: [{ conditionType: 'example.com/lb' }] };
    await apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      deployment('flap', { ...onNode2, containers: [{ ...httpd, readinessProbe }] }),
      deployment('flap-bare', { ...onNode2, containers: [httpd] }),
      deployment('leaving', { ...onNode2, containers: [{ ...httpd, readinessProbe }] }),
      deployment('alone', { ...onNode2, containers: [httpd] }),
      deployment(
        'healthy',
        { ...bothNodes, containers: [{ ...httpd, readinessProbe, lifecycle: { preStop: { sleep: { seconds: 5 } } } }] },
        { replicas: 2 },
      ),
      deployment('stale', { nodeName: ghost, containers: [httpd] }),
      ...['flap', 'flap-bare', 'leaving', 'alone', 'healthy', 'stale', 'gate-met', 'on-lost-ghost'].map(service),
      ghostPod('gate-met', gate),
      ghostPod('gate-unmet', gate),
      ghostPod('failing'),
      ghostPod('completed', { restartPolicy: 'Never' }),
      ghostPod('leaving-ghost', {}, { finalizers: ['example.com/e2e'] }),
      ghostPod('by-other'),
      ghostPod('ready'),
      ghostPod('edge'),
      ghostPod('edge-node', { nodeName: youngGhost }),
      ghostPod('edge-gate', gate),
      ghostPod('on-lost-ghost', { nodeName: lostGhost }),
    );
    stalePod = (await until('the pod of stale', 30_000, () => podOf('stale').catch(() => null))).metadata.name;
    await Promise.all([
      asStale(stalePod),
      asStale('edge-node'),
      asKubelet('edge-gate').then(() =>
        setCondition('edge-gate', 'kubelet', 'Ready', { status: 'False', reason: 'ReadinessGatesNotReady' }),
      ),
      asStale('edge'),
      asKubelet('ready'),
      asKubelet('on-lost-ghost'),
      asStale('gate-met').then(() => setCondition('gate-met', 'lb', 'example.com/lb', { status: 'True' })),
      asStale('gate-unmet').then(() => setCondition('gate-unmet', 'lb', 'example.com/lb', { status: 'False' })),
      asKubelet('failing', { ready: false }).then(() => asController('failing')),
      asKubelet('completed', { phase: 'Succeeded' }).then(() => asController('completed')),
      asStale('leaving-ghost').then(() =>
        kubectl(['delete', 'pod', 'leaving-ghost', '-n', namespace, '--wait=false', '--grace-period=1']),
      ),
      asKubelet('by-other').then(() =>
        setCondition('by-other', 'gatekeeper', 'Ready', { status: 'False', reason: 'Quarantined' }),
      ),
    ]);
    await rolledOut('flap', 'flap-bare', 'leaving', 'alone', 'healthy');
  });

  afterAll(async () => {
    await cni(`${cniConfig}.away`, cniConfig);
    await kubelet('resume');
    await kubelet('start');
    await nodeIs('True');
    const pods = ['delete', 'pods', '-n', namespace, '--all', '--force', '--grace-period=0', '--wait=false'];
    await kubectl(pods);
    await kubectl([
      'patch',
      'pod',
      'leaving-ghost',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ]).catch(() => undefined);
    await ghosts.remove();
    await kubectl(['delete', 'namespace', namespace, '--timeout=90s']);
    await rm(scratch, { recursive: true, force: true });
  });

  describe('a kubelet that is stopped', () => {
    it('the node lifecycle controller sets Ready=False without a reason, and leaves ContainersReady', async () => {
      await kubelet('stop');
      const pod = await podIs('flap', 'False');
      expect(conditionOf(pod, 'Ready')).not.toHaveProperty('reason');
      expect(conditionOf(pod, 'Ready')).not.toHaveProperty('message');
      expect(conditionOf(pod, 'ContainersReady')).toMatchObject({ status: 'True' });
      expect(writerOf(pod)).toBe('kube-controller-manager, status');
      expect(await nodeReady()).toBe('Unknown');
    });

    it('is no stale readiness, and is told in seconds without a pod', async () => {
      const ended = await run('deploy/flap');
      expect(ended.ms).toBeLessThan(20_000);
      expect(ended.stderr).toMatch(
        /node node2 is NotReady since .*: Kubelet stopped posting node status\. No pod was made there/,
      );
      expect(statuses(reportOf(ended, 3))).toMatchObject({
        stale: 'not-applicable',
        'ready-on-dead-node': 'not-applicable',
        'workload-mismatch': 'not-applicable',
      });
    });
  });

  describe('a node that comes back', () => {
    it('with a new kubelet: nothing is found while it recovers', async () => {
      await kubelet('start');
      await nothingWhileRecovering();
    });

    it('with the same kubelet, as after an outage of its network: nothing is found while it recovers', async () => {
      await nodeIs('True');
      await kubelet('pause');
      expect(writerOf(await podIs('flap', 'False'))).toBe('kube-controller-manager, status');
      await kubelet('resume');
      await nothingWhileRecovering();
      expect(writerOf(await podIs('flap', 'True'))).toBe('kubelet, status');
    });
  });

  describe('a node that was not ready before it was lost (kubernetes#112733)', () => {
    it('while its kubelet says so itself, its pods stay Ready, and rightly', async () => {
      await nodeIs('True');
      await cni(cniConfig, `${cniConfig}.away`);
      await nodeIs('False');
      await seconds(6);
      expect(writerOf(await podIs('flap', 'True'))).toBe('kubelet, status');
      expect(of(await readiness(0, 'deploy/flap'), 'readiness/ready-on-dead-node')).toMatchObject({
        status: 'not-applicable',
        message: expect.stringContaining('says itself that it is not ready (KubeletNotReady)'),
      });
    });

    it('a node that was lost just now is left a minute', async () => {
      await kubelet('stop');
      ghosts.lose(lostGhost);
      await nodeIs('Unknown');
      since = Date.now();
      expect(of(await readiness(0, 'deploy/flap'), 'readiness/ready-on-dead-node').status).toBe('not-applicable');
      await kubectl(['delete', 'pod', '-n', namespace, '-l', 'app=leaving', '--wait=false']);
    });
  });

  describe('at the edges of stale readiness', () => {
    it("a minute by the server's clock is the edge: for the pod, its node and its readiness gates", async () => {
      const start = new Date(Date.now() - 40_000);
      await asController('edge', start.toISOString());
      await ghosts.readySince(youngGhost, start);
      await setCondition('edge-gate', 'lb', 'example.com/lb', {
        status: 'True',
        lastTransitionTime: start.toISOString(),
      });
      const pods = ['edge', 'edge-node', 'edge-gate'] as const;
      const seen = { edge: new Set<number>(), 'edge-node': new Set<number>(), 'edge-gate': new Set<number>() };
      while (Math.max(0, ...seen.edge) < 62) {
        const ended = await run(...pods, '--no-probe', '--checks', 'readiness/stale');
        const report = reportOf(ended, ended.stdout.includes('"fail"') ? 2 : 0);
        const told = (name: string, age: RegExp): number =>
          Number(age.exec(of(report, 'readiness/stale', name).message)?.[1]);
        const podAge = told('edge', /Ready=False for (\d+) s/);
        // the gate was met when Ready=False of the other pod began, and one answer of the server holds both
        const ages = { edge: podAge, 'edge-node': told('edge-node', /Ready for (\d+) s/), 'edge-gate': podAge };
        for (const name of pods) {
          const age = ages[name];
          const { status } = of(report, 'readiness/stale', name);
          expect({ name, age, status }).toEqual({ name, age, status: age > 60 ? 'fail' : 'not-applicable' });
          seen[name].add(age);
        }
      }
      for (const ages of Object.values(seen)) {
        expect([...ages].some((n) => n <= 60)).toBe(true);
        expect([...ages].some((n) => n > 60)).toBe(true);
      }
      console.log(JSON.stringify(pods.map((name) => [name, [...seen[name]]])));
    });

    it('a wrong clock here changes nothing', async () => {
      const slip = `const D = Date, by = -3600e3; globalThis.Date = class extends D { constructor(...a) { if (a.length) super(...a); else super(D.now() + by); } static now() { return D.now() + by; } };`;
      const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(slip)}` };
      const args = ['pod', '-n', namespace, 'deploy/stale', '--no-probe', '--checks', 'readiness/stale', '-o', 'json'];
      const report = reportOf(await netdoctor(args, { env }), 2);
      expect(Date.now() - Date.parse(report.startedAt)).toBeGreaterThan(3_500_000);
      const { data } = of(report, 'readiness/stale') as Extract<Finding, { status: 'fail' }>;
      const { readySeconds } = data as { readonly readySeconds: number };
      expect(readySeconds).toBeGreaterThan(600);
      expect(readySeconds).toBeLessThan(1200);
    });

    it('a debug pod that no kubelet takes up ends the reading soon, and the API is judged', async () => {
      const ended = await run('deploy/stale', '--checks', 'readiness/stale,shutdown/*');
      console.log(`${Math.round(ended.ms)} ms\n${ended.stderr}`);
      expect(ended.ms).toBeLessThan(28_000);
      expect(ended.stderr).toMatch(/was not taken up: the kubelet of e2e-ghost has not answered/);
      const report = reportOf(ended, 2);
      expect(failing(report, 'readiness/stale')).toEqual([stalePod]);
    });
  });

  describe('stale readiness', () => {
    it('only the stale ones are found', async () => {
      const report = await readiness(2, '--all');
      expect(failing(report, 'readiness/stale').toSorted()).toEqual(staleOnes().toSorted());
      expect(failing(report, 'readiness/workload-mismatch').toSorted()).toEqual(staleOnes().toSorted());
      const why = (pod: string) => of(report, 'readiness/stale', pod);
      expect(why('gate-unmet')).toMatchObject({ status: 'pass', message: expect.stringContaining('example.com/lb') });
      expect(why('failing')).toMatchObject({ status: 'pass', message: expect.stringContaining('httpd not ready') });
      expect(why('completed')).toMatchObject({ status: 'not-applicable', message: 'the pod is Succeeded' });
      expect(why('leaving-ghost')).toMatchObject({ status: 'not-applicable', message: 'the pod is being deleted' });
      expect(why('ready')).toMatchObject({ status: 'pass' });
      expect(why('by-other')).toMatchObject({
        severity: 'warning',
        message: expect.stringContaining('written by gatekeeper with reason Quarantined'),
        fix: { say: expect.stringContaining('Ask why gatekeeper keeps it from traffic'), risk: 'none' },
      });
      expect(why('edge-gate')).toMatchObject({
        severity: 'warning',
        message: expect.stringContaining('by kubelet with reason ReadinessGatesNotReady, and it has not put it right'),
      });
      expect(why('gate-met')).toMatchObject({
        severity: 'error',
        message: expect.stringContaining('every readiness gate is met'),
        fix: { say: expect.stringContaining('It belongs to no controller, so nobody replaces it'), now: [] },
      });
      expect(of(report, 'readiness/workload-mismatch', 'gate-met')).toMatchObject({
        message: expect.stringContaining('Service e2e-readiness/gate-met has no ready endpoint because of it'),
      });
    });

    it('with its evidence, its cause, what to do and the alert', async () => {
      const report = await readiness(2, 'deploy/stale');
      expect(of(report, 'readiness/stale')).toMatchObject({
        severity: 'error',
        messageId: 'stale',
        message: expect.stringContaining('it tolerates a node that is not ready for 300 s'),
        data: { reason: '', writer: 'kube-controller-manager', kubelet: 'v1.17.0', toleratesNotReadySeconds: 300 },
        evidence: expect.arrayContaining([
          {
            source: 'pod condition Ready',
            text: expect.stringMatching(/^False since .*, reason \(empty\), written by kube-controller-manager at /),
          },
          { source: 'pod condition ContainersReady', text: expect.stringMatching(/^True since .*written by kubelet/) },
          { source: `node ${ghost}, condition Ready`, text: expect.stringMatching(/^True since .*kubelet v1\.17\.0$/) },
        ]),
        fix: {
          say: expect.stringMatching(/Kubelet v1\.17\.0 has the bug for it \(kubernetes#84931\): .*1\.17\.1/),
          now: [`kubectl delete pod ${stalePod} -n ${namespace}`],
          examples: [{ text: expect.stringContaining('kube_pod_status_ready{condition="true"}) == 0') }],
          risk: 'disruptive',
        },
      });
      expect(of(report, 'readiness/workload-mismatch')).toMatchObject({
        severity: 'warning',
        messageId: 'service-empty',
        message: expect.stringMatching(
          /Deployment stale counts 0 of 1 ready\. Service e2e-readiness\/stale has no ready endpoint because of it\./,
        ),
        data: { empty: [`${namespace}/stale`], workload: { kind: 'Deployment', name: 'stale', ready: 0, replicas: 1 } },
        evidence: expect.arrayContaining([
          {
            source: `EndpointSlice of ${namespace}/stale`,
            text: `${stalePod}: ready false, serving false, terminating false`,
          },
        ]),
      });
    });

    it('a saved bundle says the same', async () => {
      const bundle = join(scratch, 'stale.bundle');
      const report = reportOf(await run('deploy/stale', ...ghostPods, '--no-probe', '--save', bundle), 2);
      expect(failing(report, 'readiness/stale').toSorted()).toEqual(['by-other', 'gate-met', stalePod]);
      const again = reportOf(await netdoctor(['pod', '--from', bundle, '-o', 'json']), 2);
      expect(again.findings).toEqual(report.findings);
    });

    it('when the kubelet would have put it right, nothing is found any more', async () => {
      await setCondition(stalePod, 'kubelet', 'Ready', { status: 'True', lastTransitionTime: ago(0) });
      const slice = ['get', 'endpointslices', '-n', namespace, '-l', 'kubernetes.io/service-name=stale'];
      await until('the endpoint is ready', 15_000, async () =>
        (await kubectl([...slice, '-o', 'jsonpath={..conditions.ready}'])) === 'true' ? true : null,
      );
      expect(statuses(await readiness(0, 'deploy/stale'))).toMatchObject({
        stale: 'pass',
        'workload-mismatch': 'not-applicable',
        'ready-on-dead-node': 'pass',
      });
    });
  });

  describe('a minute after the nodes were lost', () => {
    it('pods that the controller marked are rightly not ready', async () => {
      await seconds(Math.max(0, (since + 63_000 - Date.now()) / 1000));
      const marked = await podOf('on-lost-ghost');
      expect(conditionOf(marked, 'Ready')).toMatchObject({ status: 'False' });
      expect(writerOf(marked)).toBe('kube-controller-manager, status');
      const { lastTransitionTime } = conditionOf(marked, 'Ready') ?? {};
      await seconds(Math.max(0, (Date.parse(lastTransitionTime ?? '') + 63_000 - Date.now()) / 1000));
      expect(statuses(await readiness(0, 'on-lost-ghost'))).toMatchObject({
        stale: 'not-applicable',
        'ready-on-dead-node': 'not-applicable',
        'workload-mismatch': 'not-applicable',
      });
    });

    it('and stale as soon as their node is back without them', async () => {
      const pod = await podOf('on-lost-ghost');
      const markedAt = Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '');
      // no kubelet puts it right; that the node has been back for a minute is told to the server, not waited for
      await ghosts.comeBack(lostGhost, new Date(markedAt + 1000));
      const report = await readiness(2, 'on-lost-ghost');
      expect(of(report, 'readiness/stale')).toMatchObject({
        severity: 'error',
        messageId: 'stale',
        data: { writer: 'kube-controller-manager', reason: '' },
        evidence: expect.arrayContaining([{ source: 'event NodeNotReady', text: 'Node is not ready' }]),
      });
      expect(of(report, 'readiness/workload-mismatch')).toMatchObject({
        severity: 'warning',
        data: { empty: [`${namespace}/on-lost-ghost`] },
      });
    });

    it('pods that stayed Ready are Ready on a dead node for ever, and the Service sends traffic there', async () => {
      const ended = await run('deploy/flap');
      expect(ended.ms).toBeLessThan(20_000);
      const report = reportOf(ended, 2);
      const pod = await podOf('flap');
      expect(conditionOf(pod, 'Ready')?.status).toBe('True');
      expect(of(report, 'readiness/ready-on-dead-node')).toMatchObject({
        severity: 'error',
        messageId: 'node-lost',
        message: expect.stringMatching(
          /^The pod is Ready=True though nothing was heard of node node2 for \d+ s\. e2e-readiness\/flap sends traffic there\. It is evicted .* 300 s after/,
        ),
        data: { nodeReady: 'Unknown', services: [`${namespace}/flap`], toleratesUnreachableSeconds: 300 },
        fix: { now: [`kubectl delete pod ${pod.metadata.name} -n ${namespace} --force --grace-period=0`] },
      });
      expect(statuses(report)).toMatchObject({ stale: 'pass', 'workload-mismatch': 'pass' });
    });

    it('one that is marked for deletion goes on getting traffic where no other pod is ready', async () => {
      const report = await readiness(2, '-l', 'app=leaving');
      expect(all(report, 'readiness/ready-on-dead-node').filter((f) => f.status === 'fail')).toMatchObject([
        {
          message: expect.stringMatching(
            /e2e-readiness\/leaving sends traffic there\. It is marked for deletion, which/,
          ),
        },
      ]);
    });

    it('with the node back it is gone', async () => {
      await cni(`${cniConfig}.away`, cniConfig);
      await kubelet('start');
      await nodeIs('True');
      since = Date.now();
      await podIs('flap', 'True');
      // a new kubelet takes the pod's readiness away until its probe has answered once
      await until('it is gone', 60_000, async () => {
        const now = statuses(await readiness(0, 'deploy/flap'));
        expect(now).toMatchObject({
          stale: 'pass',
          'ready-on-dead-node': expect.stringMatching(/^(pass|not-applicable)$/),
        });
        return now['ready-on-dead-node'] === 'pass' ? true : null;
      });
    });
  });

  it('a pod that is Ready and whose Node is deleted', async () => {
    await ghosts.remove();
    removed = Date.now();
    const ended = await run('deploy/stale');
    console.log(`${Math.round(ended.ms)} ms\n${ended.stderr}`);
    expect(ended.ms).toBeLessThan(20_000);
    expect(ended.stderr).toContain(`node ${ghost} is not there any more`);
    goneAfter = until(`${stalePod} is gone`, 120_000, async () =>
      (await podsOf('-l', 'app=stale')).every((pod) => pod.metadata.name !== stalePod) ? Date.now() - removed : null,
    );
    goneAfter.catch(() => {});
    expect(of(reportOf(ended, 2), 'readiness/ready-on-dead-node')).toMatchObject({
      severity: 'warning',
      messageId: 'node-gone',
      message: expect.stringMatching(/e2e-ghost is not in the cluster any more\..* garbage collector .* deletes it/),
    });
  });

  it('a healthy Deployment has no finding', async () => {
    const report = reportOf(await run('deploy/healthy'), 0);
    expect(report.targets.filter((t) => t.kind === 'pod')).toHaveLength(2);
    expect(report.findings.filter((f) => f.status !== 'pass' && f.status !== 'not-applicable')).toEqual([]);
    const clear = await netdoctor(['pod', '-n', namespace, 'deploy/healthy']);
    expect(clear.stdout).toContain('no problem found');
  });

  it('one replica and no probe are told, and the printed patches mend it', async () => {
    const report = await readiness(0, 'deploy/alone');
    const found = ['readiness/single-replica', 'readiness/no-probe'].map((check) => of(report, check));
    for (const f of found) {
      expect(f).toMatchObject({ status: 'fail', severity: 'info' });
      expect(await applyFix(node, f)).toMatchObject([{ code: 0, stdout: 'deployment.apps/alone patched\n' }]);
    }
    await rolledOut('alone');
    await until('the old pod is gone', 60_000, async () =>
      (await podsOf('-l', 'app=alone')).length === 2 ? true : null,
    );
    expect(statuses(await readiness(0, 'deploy/alone'))).toMatchObject({
      'single-replica': 'pass',
      'no-probe': 'pass',
    });
  });

  it('which the garbage collector deletes within about a minute', async () => {
    const ms = await goneAfter;
    console.log(`${Math.round(ms / 1000)} s after the Node`);
    expect(ms).toBeLessThan(90_000);
  });

  it('a minute after all that, the pods that bore it are well', async () => {
    await seconds(Math.max(0, (since + 63_000 - Date.now()) / 1000));
    const report = await readiness(0, 'deploy/flap', 'deploy/flap-bare');
    for (const check of ['readiness/stale', 'readiness/workload-mismatch', 'readiness/ready-on-dead-node'])
      expect(all(report, check).map((f) => f.status)).toEqual(['pass', 'pass']);
  });
});
