import { describe, expect, it } from 'vitest';
import { keep } from '../../src/cluster/keep.ts';
import { known, missing, type Reading } from '../../src/core/gap.ts';
import type { AnyProbe } from '../../src/core/probe.ts';
import type { KubeRead } from '../../src/core/read.ts';
import type { Subject } from '../../src/facts/workloads/subjects.ts';
import { versionKube } from '../../src/probes/cluster/version.kube.ts';
import { conditionKube } from '../../src/probes/node/condition.kube.ts';
import { endpointsKube } from '../../src/probes/services/endpoints.kube.ts';
import { frontsKube } from '../../src/probes/services/fronts.kube.ts';
import { controllersKube } from '../../src/probes/workloads/controllers.kube.ts';
import { hookProgramsProc } from '../../src/probes/workloads/hook-programs.proc.ts';
import { imageStopSignalsContainerd } from '../../src/probes/workloads/image-stop-signals.containerd.ts';
import { podEventsKube } from '../../src/probes/workloads/pod-events.kube.ts';
import { processesProc } from '../../src/probes/workloads/processes.proc.ts';
import { subjectsKube } from '../../src/probes/workloads/subjects.kube.ts';
import { containerOf, digest, idOf, podOf, statusOf } from '../support/pods.ts';
import { json, kindOf, none, said, told } from './raws.ts';

/** The answer as it is kept: what a read does not name is gone. */
const kept = (read: KubeRead, body: object) => json(keep(body, read.keep));
const metadata = (name: string, more: object = {}) => ({ namespace: 'shop', name, uid: `uid-${name}`, ...more });

describe('the chosen pods', () => {
  const item = {
    metadata: metadata('web', {
      labels: { app: 'web' },
      annotations: { 'kubernetes.io/config.mirror': 'x', secret: 'hunter2' },
    }),
    spec: {
      nodeName: 'n1',
      os: { name: 'linux' },
      hostPID: true,
      volumes: [{ secret: { secretName: 'hunter2' } }],
      containers: [
        {
          name: 'app',
          image: 'hunter2',
          env: [{ name: 'PASSWORD', value: 'hunter2' }],
          command: ['hunter2'],
          args: ['--password=hunter2'],
          lifecycle: {
            stopSignal: 'SIGQUIT',
            postStart: { exec: { command: ['hunter2'] } },
            preStop: {
              httpGet: { port: 80, path: '/hunter2', httpHeaders: [{ name: 'Authorization', value: 'hunter2' }] },
            },
          },
          readinessProbe: { exec: { command: ['hunter2'] }, periodSeconds: 3 },
          livenessProbe: { httpGet: { path: '/hunter2' }, terminationGracePeriodSeconds: 5 },
          startupProbe: { tcpSocket: { port: 1 }, failureThreshold: 3 },
        },
        { name: 'two', lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } } },
        { name: 'three', lifecycle: { preStop: { sleep: { seconds: 7 } } } },
        { name: 'four', lifecycle: { preStop: { tcpSocket: { port: 1, host: 'hunter2' } } } },
      ],
    },
    status: {
      phase: 'Running',
      message: 'hunter2',
      containerStatuses: [{ name: 'app', ready: true, image: 'hunter2', state: { running: {} } }],
    },
  };
  const raw = kept(subjectsKube.reads.pods, { items: [item] });
  const [pod] = told(subjectsKube.parse({ pods: raw })) as Subject[];

  it('with all that their checks look at', () => {
    expect(pod).toMatchObject({
      name: 'web',
      node: 'n1',
      os: 'linux',
      hostPid: true,
      mirror: true,
      phase: 'Running',
      nowMs: 1000,
    });
    expect(pod?.containers.map((c) => c.preStop)).toEqual([
      { kind: 'http' },
      { kind: 'exec', command: ['sleep', '5'] },
      { kind: 'sleep', seconds: 7 },
      { kind: 'tcp' },
    ]);
    expect(pod?.containers[0]).toMatchObject({
      stopSignal: 'SIGQUIT',
      liveness: { graceSeconds: 5 },
      readiness: { graceSeconds: null },
    });
    expect(pod?.containers[0]?.status).toMatchObject({ ready: true, running: true });
  });
  it('a probe is one, whatever it asks and however little it says of its times', () => {
    expect(pod?.containers[0]).toMatchObject({ readiness: { graceSeconds: null }, startup: { graceSeconds: null } });
    expect(pod?.containers[1]).toMatchObject({ readiness: null, liveness: null, startup: null });
  });
  it('and nothing of their environment, commands and arguments is kept', () =>
    expect(JSON.stringify(raw)).not.toContain('hunter2'));
  it('no object', () => expect(kindOf(subjectsKube.parse({ pods: said('[]') }))).toBe('unparsable'));
});

describe('controllers', () => {
  const deployment = {
    metadata: metadata('web'),
    spec: { replicas: 3, template: { spec: 'hunter2' } },
    status: { readyReplicas: 2 },
  };
  const empty = json({ items: [] });
  const raws = (more: object) => ({
    Deployment: empty,
    ReplicaSet: empty,
    StatefulSet: empty,
    DaemonSet: empty,
    ...more,
  });
  it('of all four kinds', () => {
    const set = {
      metadata: metadata('x', { ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true }] }),
    };
    const found = told(
      controllersKube.parse(
        raws({
          Deployment: kept(controllersKube.reads.Deployment, { items: [deployment] }),
          ReplicaSet: kept(controllersKube.reads.ReplicaSet, { items: [set] }),
          StatefulSet: json({ items: [set] }),
          DaemonSet: kept(controllersKube.reads.DaemonSet, {
            items: [{ metadata: metadata('d'), status: { desiredNumberScheduled: 5, numberReady: 4 } }],
          }),
        }),
      ),
    );
    expect(found).toMatchObject([
      { kind: 'Deployment', name: 'web', replicas: 3, ready: 2, owner: null },
      { kind: 'ReplicaSet', name: 'x', owner: { kind: 'Deployment', name: 'web' } },
      { kind: 'StatefulSet', name: 'x' },
      { kind: 'DaemonSet', name: 'd', replicas: 5, ready: 4 },
    ]);
    expect(JSON.stringify(kept(controllersKube.reads.Deployment, { items: [deployment] }))).not.toContain('hunter2');
  });
  it.each(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'])('without %ss none is known', (kind) =>
    expect(kindOf(controllersKube.parse(raws({ [kind]: none('forbidden') })))).toBe('forbidden'),
  );
});

describe('events of pods', () => {
  const event = (message: string, fieldPath: string | undefined, more: object = {}) => ({
    involvedObject: { uid: 'u', fieldPath },
    message,
    count: 3,
    lastTimestamp: '2026-11-23T20:00:00Z',
    ...more,
  });
  const items = (...all: object[]) => json({ items: all });
  it('each with its reason and its container', () => {
    const found = told(
      podEventsKube.parse({
        FailedPreStopHook: items(
          event('a', 'spec.containers{app}'),
          event('b', 'spec.initContainers{side}'),
          event('c', undefined),
        ),
        NodeNotReady: items(
          event('d', undefined, { count: undefined, series: { count: 9, lastObservedTime: '2026-11-23T20:10:00Z' } }),
        ),
      }),
    );
    const base = { podUid: 'u', count: 3, lastAtMs: Date.UTC(2026, 10, 23, 20) };
    expect(found).toEqual([
      { ...base, reason: 'FailedPreStopHook', message: 'a', container: 'app' },
      { ...base, reason: 'FailedPreStopHook', message: 'b', container: 'side' },
      { ...base, reason: 'FailedPreStopHook', message: 'c', container: '' },
      {
        ...base,
        reason: 'NodeNotReady',
        message: 'd',
        container: '',
        count: 9,
        lastAtMs: Date.UTC(2026, 10, 23, 20, 10),
      },
    ]);
  });
  it('without one of the reasons none is known', () =>
    expect(kindOf(podEventsKube.parse({ FailedPreStopHook: items(), NodeNotReady: none('forbidden') }))).toBe(
      'forbidden',
    ));
});

describe('Services and what is before them', () => {
  const web = { metadata: metadata('web'), spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } };
  const ingress = {
    metadata: metadata('front'),
    spec: { defaultBackend: { service: { name: 'web' } }, tls: 'hunter2' },
  };
  const services = kept(frontsKube.reads.services, { items: [web, { metadata: metadata('other'), spec: {} }] });
  it('an Ingress', () =>
    expect(
      told(frontsKube.parse({ services, ingresses: kept(frontsKube.reads.ingresses, { items: [ingress] }) })),
    ).toMatchObject([{ namespace: 'shop', name: 'web', targetPorts: [80], ingresses: ['front'] }]));
  it('none', () =>
    expect(told(frontsKube.parse({ services, ingresses: json({ items: [] }) }))).toMatchObject([{ ingresses: [] }]));
  it('nobody knows', () =>
    expect(told(frontsKube.parse({ services, ingresses: none('forbidden') }))).toMatchObject([{ ingresses: null }]));
  it('without Services nothing is known', () =>
    expect(kindOf(frontsKube.parse({ services: none('forbidden'), ingresses: json({ items: [] }) }))).toBe(
      'forbidden',
    ));
});

describe('endpoints', () => {
  const endpoint = (conditions: object | undefined, targetRef: object = { kind: 'Pod', name: 'web-1', uid: 'u' }) => ({
    conditions,
    targetRef,
    addresses: ['1.2.3.4'],
  });
  const parse = (...endpoints: object[]) => {
    const slice = { metadata: { namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } }, endpoints };
    return told(
      endpointsKube.parse({ slices: kept(endpointsKube.reads.slices, { items: [slice, null, { endpoints: null }] }) }),
    );
  };
  const pod = { service: 'shop/web', pod: 'web-1', podUid: 'u' };
  it.each([
    [undefined, { ready: true, serving: true, terminating: false }],
    [{}, { ready: true, serving: true, terminating: false }],
    [
      { ready: null, serving: null, terminating: null },
      { ready: true, serving: true, terminating: false },
    ],
    [{ ready: false }, { ready: false, serving: true, terminating: false }],
    [
      { ready: false, serving: true, terminating: true },
      { ready: false, serving: true, terminating: true },
    ],
    [
      { ready: false, serving: false, terminating: true },
      { ready: false, serving: false, terminating: true },
    ],
  ])('conditions %j', (conditions, want) => expect(parse(endpoint(conditions))).toEqual([{ ...pod, ...want }]));
  it('of others than pods are none', () =>
    expect(parse(endpoint({}, { kind: 'Node', name: 'n1' }), { addresses: ['1.2.3.4'] })).toEqual([]));
});

describe('the node', () => {
  const node = (conditions: unknown) => ({
    metadata: { name: 'n1' },
    status: { conditions, nodeInfo: { kubeletVersion: 'v1.34.4', containerRuntimeVersion: 'containerd://2.1.4' } },
  });
  const parse = (conditions: unknown) =>
    told(conditionKube.parse({ node: kept(conditionKube.reads.node, node(conditions)) }));
  it.each(['True', 'False', 'Unknown'])('Ready=%s', (status) =>
    expect(
      parse([
        { type: 'DiskPressure', status: 'True' },
        { type: 'Ready', status, reason: 'r', message: 'm', lastTransitionTime: '2026-11-23T20:00:00Z' },
      ]),
    ).toEqual({
      name: 'n1',
      ready: { status, reason: 'r', message: 'm', sinceMs: Date.UTC(2026, 10, 23, 20) },
      kubeletVersion: 'v1.34.4',
      runtime: 'containerd://2.1.4',
      nowMs: 1000,
    }),
  );
  it('since an unknown time', () =>
    expect(parse([{ type: 'Ready', status: 'True' }])).toMatchObject({ ready: { sinceMs: null, reason: '' } }));
  it.each([undefined, [], [{ type: 'Ready' }], [{ type: 'Ready', status: 'Maybe' }], 'x'])(
    'no condition in %j',
    (conditions) => expect(parse(conditions)).toMatch(/^unsupported/),
  );
  it('is gone', () => expect(kindOf(conditionKube.parse({ node: none('absent') }))).toBe('absent'));
});

describe('the version of the server', () => {
  it('with a suffix', () =>
    expect(
      told(versionKube.parse({ version: json({ gitVersion: 'v1.34.4-gke.1', major: '1', minor: '34+' }) })),
    ).toEqual({
      major: 1,
      minor: 34,
      patch: 4,
      text: 'v1.34.4-gke.1',
    }));
  it.each([{}, { gitVersion: 'x' }, { gitVersion: 7 }])('none in %j', (body) =>
    expect(kindOf(versionKube.parse({ version: json(body) }))).toBe('unparsable'),
  );
});

describe('what the program is told of the chosen pods', () => {
  const vars = (p: AnyProbe, subjects: Reading<readonly Subject[]>, node = 'n1') =>
    p.params?.vars({ subjects }, node) ?? {};
  const hooked = (...command: string[]) => containerOf({ preStop: { kind: 'exec', command } });
  const key = idOf('app').slice(0, 16);
  const off = containerOf({ name: 'off', status: statusOf('off', { running: false }) });
  it('running containers of this node', () => {
    const pods = [
      podOf({ containers: [containerOf(), off, containerOf({ name: 'none', status: null })] }),
      podOf({ node: 'n2' }),
      podOf({ node: null }),
    ];
    expect(vars(processesProc, known(pods))).toEqual({ containers: key });
    expect(vars(processesProc, known(pods), 'n2')).toEqual({ containers: key });
    expect(vars(processesProc, known(pods), 'n3')).toEqual({ containers: '' });
  });
  it.each(['', 'abc', '$(id)'.padEnd(64, 'a'), 'A'.repeat(64), `${'a'.repeat(64)}\n`])('no container of id %j', (id) =>
    expect(
      vars(processesProc, known([podOf({ containers: [containerOf({ status: statusOf('app', { id }) })] })])),
    ).toEqual({ containers: '' }),
  );
  it('programs of hooks, by the container', () => {
    const pods = [
      podOf({
        containers: [hooked('sh', '-c', 'sleep 5; nginx'), { ...off, preStop: { kind: 'exec', command: ['sleep'] } }],
      }),
    ];
    expect(vars(hookProgramsProc, known(pods))).toEqual({ hooks: `${key}:sh ${key}:sleep ${key}:nginx` });
    expect(vars(hookProgramsProc, known([podOf()]))).toEqual({ hooks: '' });
    expect(vars(hookProgramsProc, known([podOf({ containers: [hooked('$(id)')] })]))).toEqual({ hooks: '' });
  });
  it('images, each once', () =>
    expect(vars(imageStopSignalsContainerd, known([podOf(), podOf(), podOf({ containers: [off] })]))).toEqual({
      images: digest,
    }));
  it('no more than fit into an argument', () => {
    const many = known([
      podOf({
        containers: Array.from({ length: 5000 }, (_, i) => ({
          ...hooked('sleep'),
          status: statusOf('x', {
            id: i.toString(16).padStart(64, '0'),
            imageId: `sha256:${i.toString(16).padStart(64, '0')}`,
          }),
        })),
      }),
    ]);
    for (const p of [processesProc, hookProgramsProc, imageStopSignalsContainerd])
      for (const value of Object.values(vars(p, many))) expect((value as string).length).toBeLessThan(32_000);
  });
  it('nothing where nobody knows them', () => {
    for (const p of [processesProc, hookProgramsProc, imageStopSignalsContainerd])
      expect(vars(p, missing('not-collected', 'no'))).toEqual({});
  });
});

describe('stop signals of images', () => {
  const parse = (text: string) => told(imageStopSignalsContainerd.parse({ rows: said(text) }));
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
  it('by digest', () =>
    expect(parse(`stop ${a} "SIGQUIT"\nstop ${b} \n`)).toEqual(
      new Map([
        [a, 'SIGQUIT'],
        [b, ''],
      ]),
    ));
  it.each([
    '',
    'stop',
    `stop ${a}`,
    `stop ${a} SIGQUIT`,
    `stop ${a} "x" y`,
    `stop ${a} "$(id)"`,
    `stop ${a}0 ""`,
    ` stop ${a} `,
  ])('none in %j', (text) => expect(parse(text)).toMatch(/^absent/));
});
