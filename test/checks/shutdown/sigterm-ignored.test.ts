import { describe, expect, it } from 'vitest';
import { sigtermIgnored } from '../../../src/checks/shutdown/sigterm-ignored.ts';
import { imageStopSignals } from '../../../src/facts/workloads/image-stop-signals.ts';
import { type Process, processes } from '../../../src/facts/workloads/processes.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { Subject } from '../../../src/facts/workloads/subjects.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';
import { containerOf, digest, maskOf, podOf, processesOf, processOf, statusOf } from '../../support/pods.ts';

const world = (app: readonly Process[], pod: Partial<Subject> = {}, stopSignal: string | null = ''): Given[] => [
  given(subject, podOf(pod)),
  given(processes, processesOf({ app })),
  stopSignal === null ? gap(imageStopSignals, 'absent') : given(imageStopSignals, new Map([[digest, stopSignal]])),
];
const stops = (stopSignal: string) => ({ containers: [containerOf({ stopSignal })] });
const dropped = { status: 'fail', severity: 'error', messageId: 'dropped' } as const;
const ignores = { status: 'fail', severity: 'error', messageId: 'ignores' } as const;
const goMask = 0xfffffffd7fc1fefdn;
const nodeMask = 0x100004602n;

testCheck(sigtermIgnored, [
  {
    name: 'no handler as PID 1',
    facts: world([processOf(1, 'sleep')], { graceSeconds: 45 }),
    expect: {
      ...dropped,
      data: {
        container: 'app',
        process: { pid: 1, command: 'sleep' },
        stopSignal: 'SIGTERM',
        isPid1: true,
        graceSeconds: 45,
      },
      message: /45 s/,
    },
  },
  {
    name: 'SIG_IGN as PID 1',
    facts: world([processOf(1, 'x', { ignored: maskOf(15) })]),
    expect: { ...ignores, data: { isPid1: true } },
  },
  {
    name: 'SIG_IGN behind an init',
    facts: world([processOf(1, 'tini'), processOf(7, 'x', { ignored: maskOf(15) })]),
    expect: { ...ignores, data: { process: { pid: 7 } } },
  },
  {
    name: 'SIG_IGN where PID 1 is the pause process',
    facts: world([processOf(7, 'x', { ignored: maskOf(15), parent: 900 })], { shareProcessNamespace: true }),
    expect: { ...ignores, data: { isPid1: false } },
  },
  {
    name: "trap '' in a shell",
    facts: world([processOf(1, 'sh', { ignored: maskOf(15) }), processOf(7, 'x', { ignored: maskOf(15) })]),
    expect: ignores,
  },
  { name: 'a handler', facts: world([processOf(1, 'java', { caught: maskOf(15) })]), expect: { status: 'pass' } },
  { name: 'Go', facts: world([processOf(1, 'server', { caught: goMask })]), expect: { status: 'pass' } },
  {
    name: 'the default action behind an init',
    facts: world([processOf(1, 'tini'), processOf(7, 'sleep')]),
    expect: { status: 'pass' },
  },
  {
    name: 'the default action where PID 1 is the pause process',
    facts: world([processOf(7, 'sleep', { parent: 900 })], { shareProcessNamespace: true }),
    expect: { status: 'pass' },
  },
  {
    name: 'a shell that passes it on',
    facts: world([processOf(1, 'sh', { caught: maskOf(15), forwards: true }), processOf(7, 'x')]),
    expect: { status: 'pass' },
  },
  { name: 'an init without a child', facts: world([processOf(1, 'tini')]), expect: { status: 'pass' } },
  { name: 'a supervisor', facts: world([processOf(1, 's6-svscan'), processOf(7, 'x')]), expect: { status: 'pass' } },
  ...(['systemd', 'runsvdir', 'runit', 'npm', 'runsc-sandbox'] as const).map((program) => ({
    name: `${program}: nobody knows`,
    facts: world([processOf(1, program), processOf(7, 'x')]),
    expect: { status: 'unknown', message: /look how long it takes/ } as const,
  })),
  {
    name: 'npm behind an init',
    facts: world([processOf(1, 'tini'), processOf(7, 'npm', { program: 'node', caught: nodeMask })]),
    expect: { status: 'unknown' },
  },
  {
    name: 'a supervisor whose handlers are not there',
    facts: world([processOf(1, 'supervisord'), processOf(7, 'x')]),
    expect: dropped,
  },
  {
    name: 'mysqld waits for it',
    facts: world([processOf(1, 'mysqld', { blocked: maskOf(15) })]),
    expect: { status: 'pass', message: /waits for SIGTERM, and ends on it$/ },
  },
  {
    name: 'node as PID 1',
    facts: world([processOf(1, 'node server.js', { caught: nodeMask })]),
    expect: { status: 'unknown' },
  },
  {
    name: 'node behind an init',
    facts: world([processOf(1, 'tini'), processOf(7, 'node', { caught: nodeMask })]),
    expect: { status: 'pass' },
  },
  { name: 'signalfd', facts: world([processOf(1, 'x', { blocked: maskOf(15) })]), expect: { status: 'unknown' } },
  { name: 'sigtimedwait', facts: world([processOf(1, 'x', { waitsForSignals: true })]), expect: { status: 'unknown' } },
  {
    name: 'whether it waits for signals may not be seen',
    facts: world([processOf(1, 'x', { waitsForSignals: null })]),
    expect: { status: 'unknown' },
  },
  {
    name: 'a shell before its children is a matter of its own',
    facts: world([processOf(1, 'sh -c'), processOf(7, 'app')]),
    expect: { status: 'not-applicable', message: /shutdown\/shell-entrypoint/ },
  },
  {
    name: 'so is one with a trap',
    facts: world([processOf(1, 'sh -c', { caught: maskOf(15) }), processOf(7, 'app')]),
    expect: { status: 'not-applicable', message: /a shell that catches it \(shutdown\/shell-entrypoint\)/ },
  },
  {
    name: 'STOPSIGNAL of the image has no handler',
    facts: world([processOf(1, 'nginx')], {}, 'SIGQUIT'),
    expect: { ...dropped, data: { stopSignal: 'SIGQUIT', stopSignalSource: 'STOPSIGNAL of the image' } },
  },
  {
    name: 'STOPSIGNAL of the image has a handler, TERM has none',
    facts: world([processOf(1, 'nginx', { caught: maskOf(3) })], {}, 'SIGQUIT'),
    expect: { status: 'pass' },
  },
  {
    name: 'the stop signal of the spec has no handler, TERM has one',
    facts: world([processOf(1, 'nginx', { caught: maskOf(15) })], stops('SIGQUIT')),
    expect: { ...dropped, data: { stopSignal: 'SIGQUIT' } },
  },
  {
    name: 'the stop signal of the spec is ignored, TERM has a handler',
    facts: world([processOf(1, 'nginx', { caught: maskOf(15), ignored: maskOf(3) })], stops('QUIT')),
    expect: ignores,
  },
  {
    name: 'what the kubelet says is effective',
    facts: world([processOf(1, 'httpd', { caught: maskOf(15) })], {
      containers: [containerOf({ status: statusOf('app', { stopSignal: 'SIGWINCH' }) })],
    }),
    expect: { status: 'fail', severity: 'error', data: { stopSignal: 'SIGWINCH' } },
  },
  {
    name: 'node does not catch QUIT by itself',
    facts: world([processOf(1, 'node', { caught: nodeMask })], stops('SIGQUIT')),
    expect: dropped,
  },
  {
    name: 'SIGKILL as the stop signal leaves nothing waiting',
    facts: world([processOf(1, 'sleep')], stops('SIGKILL')),
    expect: { status: 'pass' },
  },
  {
    name: "the image's STOPSIGNAL was not read, and the process handles another signal that may be it",
    facts: world([processOf(1, 'nginx', { caught: maskOf(3) })], {}, null),
    expect: { status: 'unknown', message: /STOPSIGNAL/ },
  },
  {
    name: "the image's STOPSIGNAL was not read: a pass says that SIGTERM is assumed",
    facts: world([processOf(1, 'java', { caught: maskOf(15) })], {}, null),
    expect: {
      status: 'pass',
      message: /catches SIGTERM \(SIGTERM is assumed: the image's STOPSIGNAL could not be read\)$/,
    },
  },
  {
    name: 'the image has none: a pass says nothing of that',
    facts: world([processOf(1, 'java', { caught: maskOf(15) })]),
    expect: { status: 'pass', message: /catches SIGTERM$/ },
  },
  {
    name: "the image's STOPSIGNAL was not read, and the process handles none",
    facts: world([processOf(1, 'sleep')], {}, null),
    expect: dropped,
  },
  {
    name: "the image's STOPSIGNAL was not read, and the process has handlers that no image means",
    facts: world([processOf(1, 'sleep', { caught: maskOf(17) })], {}, null),
    expect: dropped,
  },
  {
    name: 'one container well, one deaf, one not seen',
    facts: [
      given(
        subject,
        podOf({
          containers: [
            containerOf(),
            containerOf({ name: 'deaf', path: ['containers', 1] }),
            containerOf({ name: 'unseen', kind: 'sidecar', path: ['initContainers', 0] }),
          ],
        }),
      ),
      given(
        processes,
        processesOf({ app: [processOf(1, 'java', { caught: maskOf(15) })], deaf: [processOf(1, 'sleep')] }),
      ),
      given(imageStopSignals, new Map([[digest, '']])),
    ],
    expect: { ...dropped, data: { container: 'deaf' } },
  },
  ...(
    [
      ["the node's PID namespace", { hostPid: true }],
      ['Windows', { os: 'windows' }],
      ['gVisor', { runtimeClass: 'runsc' }],
      ['ended', { phase: 'Failed' }],
      ['nothing runs', { containers: [containerOf({ status: null })] }],
    ] as const
  ).map(([name, pod]) => ({
    name,
    facts: world([processOf(1, 'sleep')], pod),
    expect: { status: 'not-applicable' } as const,
  })),
  { name: 'the container was not seen', facts: world([]), expect: { status: 'unknown' } },
  { name: 'nobody looked', facts: [given(subject, podOf()), gap(processes)], expect: { status: 'unknown' } },
  {
    name: 'nobody was to look',
    facts: [given(subject, podOf()), gap(processes, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);

describe('what is advised', () => {
  const fix = (facts: readonly Given[]) => {
    const [finding] = run(sigtermIgnored, facts);
    return finding?.status === 'fail' ? finding.fix : expect.fail('no finding');
  };
  it.each<[string, Given[], RegExp, number]>([
    ['no handler', world([processOf(1, 'sleep')]), /Give sleep a handler for SIGTERM .* an init as PID 1/, 1],
    ['SIG_IGN', world([processOf(1, 'x', { ignored: maskOf(15) })]), /^x is told to ignore SIGTERM .*: end that/, 0],
    [
      'a signal whose default action does nothing',
      world([processOf(1, 'httpd', { caught: maskOf(15) })], {}, 'SIGWINCH'),
      /STOPSIGNAL SIGTERM in the image, or lifecycle\.stopSignal in the pod/,
      0,
    ],
    [
      'such a signal behind an init',
      world([processOf(1, 'tini'), processOf(7, 'httpd')], {}, 'SIGWINCH'),
      /STOPSIGNAL SIGTERM in the image, or lifecycle\.stopSignal in the pod/,
      0,
    ],
    [
      'such a signal, which it is told to ignore',
      world([processOf(1, 'httpd', { ignored: maskOf(28) })], {}, 'SIGWINCH'),
      /is told to ignore SIGWINCH/,
      0,
    ],
  ])('%s', (_, facts, say, examples) => {
    expect(fix(facts)?.say).toMatch(say);
    expect(fix(facts)?.examples).toHaveLength(examples);
  });
});
