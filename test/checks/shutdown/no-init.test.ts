import { noInit } from '../../../src/checks/shutdown/no-init.ts';
import { imageStopSignals } from '../../../src/facts/workloads/image-stop-signals.ts';
import { type Process, processes } from '../../../src/facts/workloads/processes.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { Subject } from '../../../src/facts/workloads/subjects.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { containerOf, digest, maskOf, podOf, processesOf, processOf } from '../../support/pods.ts';

const world = (app: readonly Process[], pod: Partial<Subject> = {}): Given[] => [
  given(subject, podOf(pod)),
  given(processes, processesOf({ app })),
  given(imageStopSignals, new Map([[digest, '']])),
];
const java = processOf(1, 'java -jar app.jar', { caught: maskOf(15) });
const zombie = (pid: number, ageSeconds: number, more: Partial<Process> = {}) =>
  processOf(pid, 'curl', { state: 'Z', program: null, words: [], ageSeconds, ...more });
const zombies = { status: 'fail', severity: 'info', messageId: 'zombies' } as const;

testCheck(noInit, [
  {
    name: 'zombies under an application as PID 1',
    facts: world([java, zombie(7, 3000), zombie(8, 2000), processOf(9, 'worker')]),
    expect: { ...zombies, data: { container: 'app', zombies: 2, others: 1 } },
  },
  {
    name: 'two zombies of 60 s',
    facts: world([java, zombie(7, 60), zombie(8, 60)]),
    expect: { ...zombies, data: { zombies: 2, others: 0 } },
  },
  {
    name: 'one of them of less than 60 s',
    facts: world([java, zombie(7, 60), zombie(8, 59.9)]),
    expect: { status: 'pass' },
  },
  { name: 'one may be about to be reaped', facts: world([java, zombie(7, 3000)]), expect: { status: 'pass' } },
  {
    name: 'a zombie of another parent is its own to reap',
    facts: world([java, processOf(6, 'worker'), zombie(7, 3000, { parent: 1006 }), zombie(8, 3000)]),
    expect: { status: 'pass' },
  },
  { name: 'no child', facts: world([java]), expect: { status: 'pass' } },
  {
    name: 'more zombies than anyone reads',
    facts: world([java, ...Array.from({ length: 300 }, (_, i) => zombie(i + 2, 3000))]),
    expect: { ...zombies, data: { zombies: 300 } },
  },
  {
    name: 'an init reaps what it has in its time',
    facts: world([processOf(1, 'tini -- java'), zombie(7, 3000), zombie(8, 3000)]),
    expect: { status: 'pass' },
  },
  {
    name: 'what a supervisor leaves is told too',
    facts: world([processOf(1, 's6-svscan'), zombie(7, 3000), zombie(8, 3000)]),
    expect: { ...zombies, data: { pid1: 's6-svscan' } },
  },
  {
    name: 'PID 1 is not of this container',
    facts: world([
      processOf(5, 'java', { parent: 1001 }),
      zombie(7, 3000, { parent: 1005 }),
      zombie(8, 3000, { parent: 1005 }),
    ]),
    expect: { status: 'pass' },
  },
  ...(
    [
      ['a shared PID namespace', { shareProcessNamespace: true }],
      ["the node's PID namespace", { hostPid: true }],
      ['Windows', { os: 'windows' }],
      ['gVisor', { runtimeClass: 'gvisor' }],
      ['ended', { phase: 'Failed' }],
      ['nothing runs', { containers: [containerOf({ status: null })] }],
    ] as const
  ).map(([name, pod]) => ({
    name,
    facts: world([java, zombie(7, 3000), zombie(8, 3000)], pod),
    expect: { status: 'not-applicable' } as const,
  })),
  { name: 'the container was not seen', facts: world([]), expect: { status: 'unknown', message: /app/ } },
  { name: 'nobody looked', facts: [given(subject, podOf()), gap(processes)], expect: { status: 'unknown' } },
  {
    name: 'nobody was to look',
    facts: [given(subject, podOf()), gap(processes, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);
