import { failing } from '../../../src/checks/probes/failing.ts';
import { type Suspects, suspects } from '../../../src/facts/ipvs/suspects.ts';
import { type Pod, pods } from '../../../src/facts/workloads/pods.ts';
import { type ProbeFailure, probeFailures } from '../../../src/facts/workloads/probe-failures.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';

const now = 10_000_000;
const pod = (name: string, startedAtMs: number | null = 0): Pod => ({
  namespace: 'shop',
  name,
  uid: name,
  workload: name,
  hostNetwork: false,
  ips: [],
  ports: [],
  containerIds: [],
  startedAtMs,
  restarts: 0,
  sysctls: {},
  portRange: null,
  reservedPorts: [],
});
const failure = (name: string, more: Partial<ProbeFailure> = {}): ProbeFailure => ({
  pod: `shop/${name}`,
  podUid: name,
  probe: 'readiness',
  reason: 'timeout',
  message: 'Readiness probe failed: Get "http://10.244.1.2:8080/": context deadline exceeded',
  count: 1,
  lastAtMs: now - 30_000,
  ...more,
});
const end = (ip: string, port: number) => ({ ip, port });
const victims: Suspects = {
  tuples: [
    {
      protocol: 'TCP',
      source: end('10.0.0.1', 31055),
      destination: end('10.0.0.2', 80),
      state: 'SYN_RECV',
      seenIn: 'conntrack',
      owner: null,
      ageSeconds: 1,
    },
  ],
  connections: [
    {
      protocol: 'TCP',
      client: end('10.0.0.2', 80),
      virtual: end('10.0.0.1', 31055),
      backend: end('10.0.0.3', 80),
      state: 'SYN_RECV',
    },
  ],
  servers: [{ protocol: 'TCP', end: end('10.0.0.1', 31055) }],
};
const node = (
  failures: readonly ProbeFailure[],
  s: Suspects | null = null,
  running = ['a', 'b', 'c', 'd'].map((n) => pod(n)),
): Given[] => [
  given(probeFailures, { failures, serverNowMs: now }),
  given(pods, running),
  s ? given(suspects, s) : gap(suspects),
];

testCheck(failing, [
  {
    name: 'time-outs of three pods: the node',
    facts: node([failure('a'), failure('b', { count: 4 }), failure('c')]),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'node',
      message: /3 pods timed out within the last 10 minutes/,
      data: { timeouts: 6 },
    },
  },
  {
    name: 'time-outs of two: the applications',
    facts: node([failure('a'), failure('b')]),
    expect: { status: 'fail', severity: 'info', messageId: 'application' },
  },
  {
    name: 'one time-out, and a victim on the node: the node, and why',
    facts: node([failure('a')], victims),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'node',
      message: /nodeport-victims\): that is the cause/,
    },
  },
  {
    name: 'a victim, but the failures are of another kind',
    facts: node([failure('a', { reason: 'http-status' })], victims),
    expect: { status: 'fail', severity: 'info', message: /pod shop\/a failed.*http-status/ },
  },
  {
    name: 'refused connections of three pods are no time-outs',
    facts: node(['a', 'b', 'c'].map((n) => failure(n, { reason: 'refused' }))),
    expect: { status: 'fail', severity: 'info', messageId: 'application' },
  },
  {
    name: 'just within the 10 minutes',
    facts: node([failure('a', { lastAtMs: now - 600_000 })]),
    expect: { status: 'fail', severity: 'info' },
  },
  { name: 'just beyond', facts: node([failure('a', { lastAtMs: now - 600_001 })]), expect: { status: 'pass' } },
  {
    name: 'a container in its first minute',
    facts: node([failure('a', { lastAtMs: 60_000 + (now - 90_000) })], null, [pod('a', now - 90_000)]),
    expect: { status: 'pass' },
  },
  {
    name: 'a container after its first minute',
    facts: node([failure('a', { lastAtMs: 60_001 + (now - 90_000) })], null, [pod('a', now - 90_000)]),
    expect: { status: 'fail', severity: 'info' },
  },
  { name: 'a pod of another node', facts: node([failure('elsewhere')]), expect: { status: 'pass' } },
  {
    name: 'a restarted pod is not starting',
    facts: node([failure('a', { lastAtMs: now - 80_000 })], null, [{ ...pod('a', now - 90_000), restarts: 1 }]),
    expect: { status: 'fail', severity: 'info' },
  },
  {
    name: 'a liveness probe that fails kills: told in the first minute too, and from before the restart',
    facts: node(
      ['a', 'b', 'c'].map((n) => failure(n, { probe: 'liveness', lastAtMs: now - 20_000 })),
      null,
      ['a', 'b', 'c'].map((n) => ({ ...pod(n, now - 15_000), restarts: 4 })),
    ),
    expect: { status: 'fail', severity: 'warning' },
  },
  {
    name: 'a pod of which nothing runs any more (CrashLoopBackOff)',
    facts: node([failure('a')], null, [pod('a', null)]),
    expect: { status: 'fail', severity: 'info' },
  },
  {
    name: 'three replicas of one workload are one application',
    facts: node(
      ['a', 'b', 'c'].map((n) => failure(n)),
      null,
      ['a', 'b', 'c'].map((n) => ({ ...pod(n), workload: 'one' })),
    ),
    expect: { status: 'fail', severity: 'info', messageId: 'application' },
  },
  { name: 'no events', facts: node([]), expect: { status: 'pass', message: /4 pods/ } },
  {
    name: 'events may not be listed',
    facts: [gap(probeFailures, 'forbidden'), given(pods, []), gap(suspects)],
    expect: { status: 'unknown' },
  },
  {
    name: 'no API, by choice',
    facts: [gap(probeFailures, 'not-chosen'), gap(pods, 'not-chosen'), gap(suspects)],
    expect: { status: 'skipped' },
  },
]);
