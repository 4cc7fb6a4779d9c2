import { killed } from '../../../src/checks/shutdown/killed.ts';
import { nodeCondition } from '../../../src/facts/node/condition.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { ContainerStatus, Subject, Terminated } from '../../../src/facts/workloads/subjects.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { ago, containerOf, nodeConditionOf, nowMs, podOf, statusOf } from '../../support/pods.ts';

const ended = (exitCode: number, reason: string, more: Partial<Terminated> = {}): Terminated => ({
  exitCode,
  reason,
  startedAtMs: ago(600),
  finishedAtMs: ago(60),
  ...more,
});
const status = (more: Partial<ContainerStatus>) => containerOf({ status: statusOf('app', more) });
const after = (lastTerminated: Terminated | null, pod: Partial<Subject> = {}): Given[] => [
  given(subject, podOf({ containers: [status({ lastTerminated, restarts: 3 })], ...pod })),
  given(nodeCondition, nodeConditionOf()),
];
/** Being deleted since so many seconds, with so much grace. */
const deleted = (seconds: number, graceSeconds: number, pod: Partial<Subject> = {}): Given[] =>
  after(null, { deletion: { atMs: ago(seconds), graceSeconds }, ...pod });
/** The container has such a probe. */
const probed = (
  kind: 'liveness' | 'startup' | 'readiness',
  lastTerminated: Terminated,
  pod: Partial<Subject> = {},
): Given[] =>
  after(null, {
    containers: [
      containerOf({ [kind]: { graceSeconds: null }, status: statusOf('app', { lastTerminated, restarts: 3 }) }),
    ],
    ...pod,
  });
const day = 86_400;
const sigkill = { status: 'fail', severity: 'warning', messageId: 'sigkill' } as const;
const history = { ...sigkill, severity: 'info' } as const;
const elsewhere = { status: 'fail', severity: 'info', messageId: 'sigkill-from-elsewhere' } as const;
const overdue = { status: 'fail', severity: 'warning', messageId: 'overdue' } as const;

testCheck(killed, [
  {
    name: 'exit code 137 at the last restart',
    facts: probed('liveness', ended(137, 'Error')),
    expect: {
      ...sigkill,
      data: { container: 'app', exitCode: 137, restarts: 3, finishedAtMs: ago(60) },
      message: /if a probe restarted it/,
    },
  },
  { name: 'a startup probe', facts: probed('startup', ended(137, 'Error')), expect: sigkill },
  {
    name: 'a day ago',
    facts: probed('liveness', ended(137, 'Error', { finishedAtMs: ago(day) })),
    expect: { ...sigkill, data: { finishedAtMs: ago(day) } },
  },
  {
    name: 'a second before that',
    facts: probed('liveness', ended(137, 'Error', { finishedAtMs: ago(day + 1) })),
    expect: { ...history, data: { finishedAtMs: ago(day + 1) } },
  },
  {
    name: "long ago, and the server's clock is not known",
    facts: probed('liveness', ended(137, 'Error', { finishedAtMs: ago(10 * day) }), { nowMs: null }),
    expect: sigkill,
  },
  {
    name: 'no probe would have restarted it: something else did',
    facts: after(ended(137, 'Error')),
    expect: { ...elsewhere, data: { container: 'app', exitCode: 137, restarts: 3 }, message: /something else did it/ },
  },
  { name: 'a readiness probe restarts nothing', facts: probed('readiness', ended(137, 'Error')), expect: elsewhere },
  { name: 'no probe, and for lack of memory', facts: after(ended(137, 'OOMKilled')), expect: { status: 'pass' } },
  {
    name: 'at an unknown time, for no reason that is told',
    facts: probed('liveness', ended(137, '', { startedAtMs: null, finishedAtMs: null })),
    expect: { ...sigkill, message: /at an unknown time/ },
  },
  { name: 'for lack of memory', facts: probed('liveness', ended(137, 'OOMKilled')), expect: { status: 'pass' } },
  {
    name: 'the kubelet lost sight of it (a reboot of the node): 137 is its own word for that',
    facts: probed('liveness', ended(137, 'ContainerStatusUnknown')),
    expect: { status: 'pass' },
  },
  ...[0, 1, 136, 138, 143, 255].map((code) => ({
    name: `exit code ${code}`,
    facts: probed('liveness', ended(code, code === 0 ? 'Completed' : 'Error')),
    expect: { status: 'pass', message: new RegExp(`exit code ${code} `) } as const,
  })),
  { name: 'never restarted', facts: after(null), expect: { status: 'not-applicable', message: /nobody keeps/ } },
  {
    name: 'nothing said of the container yet',
    facts: after(null, { containers: [containerOf({ status: null })] }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'one of two containers',
    facts: after(null, {
      containers: [
        status({ lastTerminated: ended(0, 'Completed') }),
        containerOf({
          name: 'side',
          kind: 'sidecar',
          liveness: { graceSeconds: 5 },
          status: statusOf('side', { lastTerminated: ended(137, 'Error') }),
        }),
      ],
    }),
    expect: { ...sigkill, data: { container: 'side' } },
  },
  { name: 'being deleted, within its plan', facts: deleted(10, 30), expect: { status: 'not-applicable' } },
  { name: 'being deleted for grace, 2 s and the slack', facts: deleted(47, 30), expect: { status: 'not-applicable' } },
  {
    name: 'being deleted for a second more',
    facts: deleted(48, 30),
    expect: { ...overdue, data: { seconds: 48, graceSeconds: 30, running: ['app'] } },
  },
  { name: 'grace 0, within', facts: deleted(17, 0), expect: { status: 'not-applicable' } },
  { name: 'grace 0, beyond', facts: deleted(18, 0), expect: { ...overdue, data: { seconds: 18 } } },
  {
    name: 'its node is not Ready',
    facts: [
      given(subject, podOf({ deletion: { atMs: ago(600), graceSeconds: 30 } })),
      given(nodeCondition, nodeConditionOf({ status: 'Unknown', reason: 'NodeStatusUnknown' })),
    ],
    expect: { ...overdue, message: /node is not Ready \(NodeStatusUnknown\)/ },
  },
  {
    name: 'its node is not known',
    facts: [given(subject, podOf({ deletion: { atMs: ago(600), graceSeconds: 30 }, node: null })), gap(nodeCondition)],
    expect: overdue,
  },
  {
    name: 'all has ended, a finalizer holds the pod',
    facts: deleted(6000, 30, { containers: [status({ running: false })] }),
    expect: { status: 'not-applicable' },
  },
  {
    name: "the server's clock is not known",
    facts: deleted(6000, 30, { nowMs: null }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a deletion that the clock says is yet to come',
    facts: deleted(-20, 30, { nowMs }),
    expect: { status: 'not-applicable' },
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);
