import { prestopExceedsGrace } from '../../../src/checks/shutdown/prestop-exceeds-grace.ts';
import { controllers } from '../../../src/facts/workloads/controllers.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { Hook, PodContainer, Subject } from '../../../src/facts/workloads/subjects.ts';
import { type Case, type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { containerOf, podOf, webControllers } from '../../support/pods.ts';

const sleeps = (seconds: number): Hook => ({ kind: 'sleep', seconds });
const script = (text: string): Hook => ({ kind: 'exec', command: ['sh', '-c', text] });
const pod = (preStop: Hook | null, more: Partial<Subject> = {}, container: Partial<PodContainer> = {}): Given[] => [
  given(subject, podOf({ containers: [containerOf({ preStop, ...container })], ...more })),
  given(controllers, webControllers),
];
const patched = (graceSeconds: number): string =>
  `kubectl patch deployment web -n shop --type strategic -p '{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":${graceSeconds}}}}}'`;
const most = { status: 'fail', severity: 'warning', messageId: 'most' } as const;
const exceeds = { status: 'fail', severity: 'error', messageId: 'exceeds' } as const;

/** The hook takes so long of 30 s. */
const of30 = (seconds: number, expect: Case['expect']): Case[] => [
  { name: `sleep action of ${seconds} s`, facts: pod(sleeps(seconds)), expect },
  { name: `sleep ${seconds}`, facts: pod({ kind: 'exec', command: ['sleep', String(seconds)] }), expect },
  { name: `sh -c 'sleep ${seconds}'`, facts: pod(script(`sleep ${seconds}`)), expect },
];
const data = (hookSeconds: number) => ({ container: 'app', hookSeconds, graceSeconds: 30, atLeast: false });

testCheck(prestopExceedsGrace, [
  ...of30(0, { status: 'pass' }),
  ...of30(14, { status: 'pass' }),
  ...of30(15, { status: 'pass' }),
  ...of30(16, { ...most, data: data(16), now: [patched(46)], message: /14 s are left/ }),
  ...of30(29, { ...most, data: data(29), now: [patched(59)], message: /1 s are left/ }),
  ...of30(30, { ...exceeds, data: data(30), now: [patched(60)] }),
  ...of30(31, { ...exceeds, data: data(31), now: [patched(62)] }),
  {
    name: 'halves of seconds are not rounded away',
    facts: pod(script('sleep 15.5')),
    expect: { ...most, data: { hookSeconds: 15.5 }, now: [patched(46)] },
  },
  {
    name: 'the sleeps of a script add up, and it may take longer',
    facts: pod(script('sleep 10; nginx -s quit; sleep 25')),
    expect: { ...exceeds, data: { hookSeconds: 35, atLeast: true }, message: /at least 35 s/ },
  },
  {
    name: 'sleeps that a condition guards do not count',
    facts: pod(script('test -e /drain && sleep 60')),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'grace 0: the hook never runs, however short',
    facts: pod(sleeps(1), { graceSeconds: 0 }),
    expect: { status: 'fail', severity: 'error', messageId: 'never-runs', now: [patched(31)] },
  },
  {
    name: 'grace 1, hook of 1',
    facts: pod(sleeps(1), { graceSeconds: 1 }),
    expect: { ...exceeds, now: [patched(31)] },
  },
  { name: 'grace 2, hook of 1: half of it', facts: pod(sleeps(1), { graceSeconds: 2 }), expect: { status: 'pass' } },
  { name: 'no hook', facts: pod(null), expect: { status: 'not-applicable', message: /no container/ } },
  ...(['http', 'tcp'] as const).map((kind) => ({
    name: `nobody knows how long ${kind} takes`,
    facts: pod({ kind }),
    expect: { status: 'not-applicable', message: /does not say/ } as const,
  })),
  {
    name: 'a program of whose time nothing is known, with grace 0: it does not run either way',
    facts: pod({ kind: 'exec', command: ['/drain'] }, { graceSeconds: 0 }),
    expect: { status: 'fail', severity: 'error', messageId: 'never-runs' },
  },
  {
    name: 'a program of its own: nobody knows',
    facts: pod({ kind: 'exec', command: ['/drain', '60'] }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'two containers: the second is wrong',
    facts: pod(null, {
      containers: [
        containerOf({ preStop: sleeps(5) }),
        containerOf({ name: 'side', kind: 'sidecar', path: ['initContainers', 0], preStop: sleeps(40) }),
      ],
    }),
    expect: { ...exceeds, data: { container: 'side', hookSeconds: 40 } },
  },
  {
    name: "a liveness probe's own grace is shorter than the hook",
    facts: pod(sleeps(10), {}, { liveness: { graceSeconds: 10 } }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'probe-level',
      data: { probe: 'liveness', graceSeconds: 10, hookSeconds: 10 },
    },
  },
  {
    name: "a startup probe's own grace is shorter than the hook",
    facts: pod(sleeps(10), {}, { startup: { graceSeconds: 1 } }),
    expect: { status: 'fail', severity: 'warning', messageId: 'probe-level', data: { probe: 'startup' } },
  },
  {
    name: "a probe's own grace that is longer than the hook",
    facts: pod(sleeps(10), {}, { liveness: { graceSeconds: 11 }, startup: { graceSeconds: 60 } }),
    expect: { status: 'pass' },
  },
  {
    name: "a probe without a grace of its own has the pod's",
    facts: pod(sleeps(10), {}, { liveness: { graceSeconds: null } }),
    expect: { status: 'pass' },
  },
  {
    name: 'a pod of its own: its manifest, no command',
    facts: pod(sleeps(30), { owner: null }),
    expect: { ...exceeds, now: [] },
  },
  {
    name: 'the workload is not known: told all the same, without a command',
    facts: [given(subject, podOf({ containers: [containerOf({ preStop: sleeps(30) })] })), gap(controllers)],
    expect: { ...exceeds, now: [] },
  },
  {
    name: 'the manifest of a pod that runs nowhere is judged too',
    facts: pod(sleeps(30), { phase: '', node: null, nowMs: null }, { status: null }),
    expect: exceeds,
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);
