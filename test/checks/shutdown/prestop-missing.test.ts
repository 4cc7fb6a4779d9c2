import { describe, expect, it } from 'vitest';
import { prestopMissing } from '../../../src/checks/shutdown/prestop-missing.ts';
import { clusterVersion } from '../../../src/facts/cluster/version.ts';
import { type Front, fronts } from '../../../src/facts/services/fronts.ts';
import { controllers } from '../../../src/facts/workloads/controllers.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { Hook, Subject } from '../../../src/facts/workloads/subjects.ts';
import { kubernetesVersionOf } from '../../../src/lib/kubernetes-version.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';
import { containerOf, deploymentOf, frontOf, podOf, webControllers } from '../../support/pods.ts';

const withVersion = (text: string): Given => given(clusterVersion, kubernetesVersionOf(text) ?? expect.fail());
const world = (pod: Partial<Subject>, front: Partial<Front> | null = {}, version = 'v1.34.4'): Given[] => [
  given(subject, podOf(pod)),
  given(fronts, front === null ? [] : [frontOf(front)]),
  given(controllers, webControllers),
  withVersion(version),
];
/** The pod template of the workload has a container app, and no other. */
const injected = (all: Subject['containers']): Given[] =>
  world({ containers: all }).map((g) =>
    g[0] === controllers.id
      ? given(
          controllers,
          webControllers.map((c) => ({ ...c, containers: ['app'] })),
        )
      : g,
  );
const hook = (preStop: Hook | null) => ({ containers: [containerOf({ preStop })] });
const sleeps = (seconds: number) => hook({ kind: 'sleep', seconds });
const runs = (...command: string[]) => hook({ kind: 'exec', command });
const patched = (spec: object, kind = 'deployment', name = 'web'): string =>
  `kubectl patch ${kind} ${name} -n shop --type strategic -p '${JSON.stringify({ spec: { template: { spec } } })}'`;
const containers = (preStop: object, name = 'app') => ({ containers: [{ name, lifecycle: { preStop } }] });
const lacks = { status: 'fail', severity: 'info', messageId: 'missing' } as const;
const short = { status: 'fail', severity: 'info', messageId: 'short' } as const;
const balanced = { type: 'LoadBalancer' };

testCheck(prestopMissing, [
  {
    name: 'behind a Service, no hook',
    facts: world(hook(null)),
    expect: {
      ...lacks,
      data: { containers: ['app'], services: ['shop/web'], outside: [], adviseSeconds: 5 },
      now: [patched(containers({ sleep: { seconds: 5 } }))],
    },
  },
  {
    name: 'behind a load balancer: longer',
    facts: world(hook(null), balanced),
    expect: {
      ...lacks,
      data: { adviseSeconds: 15, outside: ['the load balancer of shop/web'] },
      now: [patched(containers({ sleep: { seconds: 15 } }))],
    },
  },
  {
    name: 'behind an Ingress: longer',
    facts: world(hook(null), { ingresses: ['front', 'shop'] }),
    expect: { ...lacks, data: { adviseSeconds: 15, outside: ['Ingress shop/front', 'Ingress shop/shop'] } },
  },
  {
    name: 'the Ingresses could not be read: no longer than is known',
    facts: world(hook(null), { ingresses: null }),
    expect: { ...lacks, data: { adviseSeconds: 5, outside: [] } },
  },
  { name: 'sleep action of 4 s', facts: world(sleeps(4)), expect: { ...short, data: { adviseSeconds: 5 } } },
  { name: 'sleep action of 5 s', facts: world(sleeps(5)), expect: { status: 'pass' } },
  { name: 'sleep action of 14 s behind a load balancer', facts: world(sleeps(14), balanced), expect: short },
  {
    name: 'sleep action of 15 s behind a load balancer',
    facts: world(sleeps(15), balanced),
    expect: { status: 'pass' },
  },
  {
    name: 'an exec hook that is too short is taken away by the patch: a hook may do one thing only',
    facts: world(runs('sleep', '1')),
    expect: { ...short, now: [patched(containers({ exec: null, sleep: { seconds: 5 } }))] },
  },
  {
    name: 'a script that sleeps less, and does more: it may take long enough',
    facts: world(runs('sh', '-c', 'sleep 4; nginx -s quit')),
    expect: { status: 'not-applicable', message: /^app: how long the preStop hook waits its text does not say$/ },
  },
  {
    name: 'a script that sleeps long enough, and does more',
    facts: world(runs('sh', '-c', 'sleep 5; nginx -s quit')),
    expect: { status: 'pass' },
  },
  {
    name: 'a script that only sleeps, and too short',
    facts: world(runs('sh', '-c', 'sleep 2; sleep 2')),
    expect: { ...short, now: [patched(containers({ exec: null, sleep: { seconds: 5 } }))] },
  },
  { name: 'a program of its own', facts: world(runs('/drain')), expect: { status: 'not-applicable', message: /app/ } },
  ...(['http', 'tcp'] as const).map((kind) => ({
    name: `a hook of kind ${kind}`,
    facts: world(hook({ kind })),
    expect: { status: 'not-applicable', message: /its text does not say/ } as const,
  })),
  {
    name: 'one has no hook, of the other nobody knows: told of the one',
    facts: world({
      containers: [
        containerOf({ name: 'a', preStop: { kind: 'http' } }),
        containerOf({ name: 'b', path: ['containers', 1] }),
      ],
    }),
    expect: { ...lacks, data: { containers: ['b'] } },
  },
  {
    name: 'one waits, of the other nobody knows',
    facts: world({
      containers: [
        containerOf({ name: 'a', preStop: { kind: 'http' } }),
        containerOf({ name: 'b', path: ['containers', 1], preStop: { kind: 'sleep', seconds: 5 } }),
      ],
    }),
    expect: { status: 'not-applicable', message: /^a: / },
  },
  {
    name: 'an injected proxy without a hook does not count',
    facts: injected([
      containerOf({ preStop: { kind: 'sleep', seconds: 5 } }),
      containerOf({ name: 'istio-proxy', path: ['containers', 1] }),
    ]),
    expect: { status: 'pass', message: /^app: / },
  },
  {
    name: 'an injected proxy, and a container without a hook: that alone is told',
    facts: injected([containerOf(), containerOf({ name: 'istio-proxy', path: ['containers', 1] })]),
    expect: { ...lacks, data: { containers: ['app'] }, now: [patched(containers({ sleep: { seconds: 5 } }))] },
  },
  {
    name: 'an injected proxy takes the traffic: its hook is in no manifest',
    facts: injected([
      containerOf(),
      containerOf({
        name: 'istio-proxy',
        path: ['containers', 1],
        ports: [{ port: 8080, name: '', protocol: 'TCP' }],
      }),
    ]),
    expect: { status: 'not-applicable', message: /injected/ },
  },
  {
    name: 'where the workload is not known, every container counts',
    facts: [
      given(
        subject,
        podOf({ containers: [containerOf(), containerOf({ name: 'istio-proxy', path: ['containers', 1] })] }),
      ),
      given(fronts, [frontOf()]),
      gap(controllers, 'forbidden'),
      withVersion('v1.34.4'),
    ],
    expect: { ...lacks, data: { containers: ['app', 'istio-proxy'] } },
  },
  ...(
    [
      ['one has', [containerOf()], /^Container app behind Service shop\/web has no preStop hook: /],
      [
        'two have',
        [containerOf(), containerOf({ name: 'b', path: ['containers', 1] })],
        /^Containers app, b behind Service shop\/web have no preStop hook: /,
      ],
      [
        'one waits',
        [containerOf({ preStop: { kind: 'sleep', seconds: 1 } })],
        /^Container app behind Service shop\/web waits less than 5 s: /,
      ],
      [
        'two wait',
        [
          containerOf({ preStop: { kind: 'sleep', seconds: 1 } }),
          containerOf({ name: 'b', path: ['containers', 1], preStop: { kind: 'sleep', seconds: 4 } }),
        ],
        /^Containers app, b behind Service shop\/web wait less than 5 s: /,
      ],
    ] as const
  ).map(([name, all, message]) => ({
    name: `in words: ${name}`,
    facts: world({ containers: all }),
    expect: { ...(/wait/.test(name) ? short : lacks), message },
  })),
  {
    name: 'before 1.30 there is no sleep action',
    facts: world(hook(null), {}, 'v1.29.15'),
    expect: { ...lacks, now: [patched(containers({ exec: { command: ['sleep', '5'] } }))] },
  },
  {
    name: 'with 1.30 there is',
    facts: world(hook(null), {}, 'v1.30.0'),
    expect: { ...lacks, now: [patched(containers({ sleep: { seconds: 5 } }))] },
  },
  {
    name: 'the version is not known: the sleep action, and what it needs is told',
    facts: [...world(hook(null)).slice(0, 3), gap(clusterVersion)],
    expect: { ...lacks, now: [patched(containers({ sleep: { seconds: 5 } }))] },
  },
  {
    name: 'a short grace grows with the hook',
    facts: world({ ...hook(null), graceSeconds: 9 }),
    expect: {
      ...lacks,
      now: [patched({ terminationGracePeriodSeconds: 14, ...containers({ sleep: { seconds: 5 } }) })],
    },
  },
  {
    name: 'a grace of twice the hook stays',
    facts: world({ ...hook(null), graceSeconds: 10 }),
    expect: { ...lacks, now: [patched(containers({ sleep: { seconds: 5 } }))] },
  },
  ...[0, 1, 4].map((graceSeconds) => ({
    name: `grace ${graceSeconds}: as much as the hook for the program too`,
    facts: world({ ...hook(null), graceSeconds }, balanced),
    expect: {
      ...lacks,
      now: [patched({ terminationGracePeriodSeconds: 30, ...containers({ sleep: { seconds: 15 } }) })],
    },
  })),
  {
    name: 'the container that declares the port, a sidecar too',
    facts: world({
      containers: [
        containerOf({ name: 'helper' }),
        containerOf({
          name: 'proxy',
          kind: 'sidecar',
          path: ['initContainers', 0],
          ports: [{ port: 8080, name: '', protocol: 'TCP' }],
        }),
      ],
    }),
    expect: {
      ...lacks,
      data: { containers: ['proxy'] },
      now: [patched({ initContainers: [{ name: 'proxy', lifecycle: { preStop: { sleep: { seconds: 5 } } } }] })],
    },
  },
  {
    name: 'by the name of a port',
    facts: world(
      {
        containers: [
          containerOf({ name: 'a', ports: [{ port: 80, name: 'http', protocol: 'TCP' }] }),
          containerOf({ name: 'b', path: ['containers', 1] }),
        ],
      },
      { targetPorts: ['http'] },
    ),
    expect: { ...lacks, data: { containers: ['a'] } },
  },
  {
    name: 'nobody declares the port: all main containers, and one without a hook is enough',
    facts: world({
      containers: [
        containerOf({ name: 'a', preStop: { kind: 'sleep', seconds: 10 } }),
        containerOf({ name: 'b', path: ['containers', 1] }),
        containerOf({ name: 's', kind: 'sidecar', path: ['initContainers', 0] }),
      ],
    }),
    expect: { ...lacks, data: { containers: ['b'] } },
  },
  { name: 'no Service', facts: world(hook(null), null), expect: { status: 'not-applicable', message: /no Service/ } },
  {
    name: 'a Service for others',
    facts: world(hook(null), { selector: { app: 'db' } }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a Service that wants one more label',
    facts: world(hook(null), { selector: { app: 'web', track: 'stable' } }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a Service of another namespace',
    facts: world(hook(null), { namespace: 'x' }),
    expect: { status: 'not-applicable' },
  },
  ...['Succeeded', 'Failed'].map((phase) => ({
    name: `the pod is ${phase}`,
    facts: world({ ...hook(null), phase }),
    expect: { status: 'not-applicable' } as const,
  })),
  {
    name: 'the workload is not known: no command',
    facts: [given(subject, podOf()), given(fronts, [frontOf()]), gap(controllers), withVersion('v1.34.4')],
    expect: { ...lacks, now: [] },
  },
  { name: 'the Services are not known', facts: [given(subject, podOf()), gap(fronts)], expect: { status: 'unknown' } },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);

describe('what stands in the way of the patch is told', () => {
  const say = (facts: readonly Given[]): string => {
    const [finding] = run(prestopMissing, facts);
    return finding?.status === 'fail' ? (finding.fix?.say ?? '') : '';
  };
  it.each([
    ['an old version', world(hook(null), {}, 'v1.29.0'), /Before Kubernetes 1\.30 .*`sleep` program/],
    ['a version that is not known', world(hook(null)).slice(0, 3), /needs Kubernetes 1\.30/],
    ['a pod of its own', world({ owner: null }), /delete it and create it anew/],
    [
      'a ReplicaSet of its own',
      [...world({}).slice(0, 2), given(controllers, [deploymentOf({ kind: 'ReplicaSet', name: 'web-7' })])],
      /delete them afterwards/,
    ],
    [
      'a controller of another kind',
      world({ owner: { kind: 'Rollout', name: 'web', uid: 'r' } }),
      /belongs to Rollout web: change the pod template there/,
    ],
  ])('%s', (_, facts, words) => expect(say(facts)).toMatch(words));
});
