import { noProbe } from '../../../src/checks/readiness/no-probe.ts';
import { type Front, fronts } from '../../../src/facts/services/fronts.ts';
import { controllers } from '../../../src/facts/workloads/controllers.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { PodContainer, Subject } from '../../../src/facts/workloads/subjects.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { containerOf, frontOf, podOf, webControllers } from '../../support/pods.ts';

const world = (pod: Partial<Subject>, front: Partial<Front> | null = {}): Given[] => [
  given(subject, podOf(pod)),
  given(fronts, front === null ? [] : [frontOf(front)]),
  given(controllers, webControllers),
];
const one = (more: Partial<PodContainer>) => ({ containers: [containerOf(more)] });
const port = (n: number, name = '', protocol = 'TCP') => ({ port: n, name, protocol });
const probe = { graceSeconds: null };
const none = { status: 'fail', severity: 'info', messageId: 'none' } as const;
const patched = (n: number): string =>
  `kubectl patch deployment web -n shop --type strategic -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","readinessProbe":{"tcpSocket":{"port":${n}}}}]}}}}'`;

testCheck(noProbe, [
  {
    name: 'no readiness probe, a declared port',
    facts: world(one({ ports: [port(8080)] })),
    expect: { ...none, data: { containers: ['app'], services: ['shop/web'] }, now: [patched(8080)] },
  },
  {
    name: 'by the name of the port',
    facts: world(one({ ports: [port(9090, 'metrics'), port(80, 'http')] }), { targetPorts: ['http'] }),
    expect: { ...none, now: [patched(80)] },
  },
  { name: 'no declared port: which to ask nobody says', facts: world(one({})), expect: { ...none } },
  { name: 'a UDP port cannot be asked', facts: world(one({ ports: [port(8080, '', 'UDP')] })), expect: { ...none } },
  {
    name: 'liveness and startup probes are none',
    facts: world(one({ liveness: probe, startup: probe })),
    expect: none,
  },
  {
    name: 'one of two',
    facts: world({
      containers: [containerOf({ readiness: probe }), containerOf({ name: 'b', path: ['containers', 1] })],
    }),
    expect: { ...none, data: { containers: ['b'] } },
  },
  {
    name: 'two of two',
    facts: world({ containers: [containerOf(), containerOf({ name: 'b', path: ['containers', 1] })] }),
    expect: { ...none, data: { containers: ['app', 'b'] }, message: /Containers app, b/ },
  },
  {
    name: 'a sidecar that serves',
    facts: world({
      containers: [
        containerOf({ readiness: probe }),
        containerOf({ name: 'proxy', kind: 'sidecar', path: ['initContainers', 0], ports: [port(8080)] }),
      ],
    }),
    expect: { ...none, data: { containers: ['proxy'] } },
  },
  { name: 'a readiness probe', facts: world(one({ readiness: probe })), expect: { status: 'pass' } },
  {
    name: 'only the container that serves counts',
    facts: world({ containers: [containerOf(), containerOf({ name: 'web', ports: [port(8080)], readiness: probe })] }),
    expect: { status: 'pass' },
  },
  { name: 'no Service', facts: world(one({}), null), expect: { status: 'not-applicable' } },
  {
    name: 'a Service for others',
    facts: world(one({}), { selector: { app: 'db' } }),
    expect: { status: 'not-applicable' },
  },
  ...['Succeeded', 'Failed'].map((phase) => ({
    name: `the pod is ${phase}`,
    facts: world({ phase }),
    expect: { status: 'not-applicable' } as const,
  })),
  {
    name: 'the workload is not known: no command',
    facts: [given(subject, podOf(one({ ports: [port(8080)] }))), given(fronts, [frontOf()]), gap(controllers)],
    expect: { ...none, now: [] },
  },
  { name: 'the Services are not known', facts: [given(subject, podOf()), gap(fronts)], expect: { status: 'unknown' } },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);
