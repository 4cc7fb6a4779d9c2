import { shellEntrypoint } from '../../../src/checks/shutdown/shell-entrypoint.ts';
import { imageStopSignals } from '../../../src/facts/workloads/image-stop-signals.ts';
import { type Process, processes } from '../../../src/facts/workloads/processes.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { Subject } from '../../../src/facts/workloads/subjects.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { containerOf, digest, maskOf, podOf, processesOf, processOf, statusOf } from '../../support/pods.ts';

const world = (app: readonly Process[], pod: Partial<Subject> = {}, stopSignal: string | null = ''): Given[] => [
  given(subject, podOf(pod)),
  given(processes, processesOf({ app })),
  stopSignal === null ? gap(imageStopSignals, 'absent') : given(imageStopSignals, new Map([[digest, stopSignal]])),
];
const shell = (words = 'sh -c', more: Partial<Process> = {}) => processOf(1, words, { caught: maskOf(17), ...more });
const app = processOf(7, 'java -jar app.jar', { caught: maskOf(15) });
const fails = { status: 'fail', severity: 'error', messageId: 'pid1' } as const;

testCheck(shellEntrypoint, [
  {
    name: 'sh -c as PID 1, the program its child',
    facts: world([shell(), app]),
    expect: {
      ...fails,
      data: {
        container: 'app',
        shell: { pid: 1, command: 'sh -c' },
        children: [{ pid: 7, command: 'java -jar app.jar' }],
        stopSignal: 'SIGTERM',
        init: null,
      },
    },
  },
  { name: 'an entrypoint script', facts: world([shell('bash start.sh'), app]), expect: fails },
  {
    name: "busybox's shell",
    facts: world([shell('ash', { program: 'busybox' }), app]),
    expect: fails,
  },
  {
    name: 'the stop signals of images could not be read: the shell has no trap for any of them',
    facts: world([shell(), app], {}, null),
    expect: fails,
  },
  {
    name: 'the stop signals of images could not be read: it has handlers that are no trap for one (INT has each, CHLD none means)',
    facts: world([shell('sh', { caught: maskOf(2, 17) }), app], {}, null),
    expect: fails,
  },
  ...([1, 3, 10, 12, 28, 30, 37] as const).map((n) => ({
    name: `the stop signals of images could not be read, and it has a trap for signal ${n}, which may be the one`,
    facts: world([shell('sh', { caught: maskOf(2, n, 17) }), app], {}, null),
    expect: { status: 'unknown', message: /trap for another signal than SIGTERM/ } as const,
  })),
  {
    name: 'it has a trap for another signal than the one of the image',
    facts: world([shell('sh', { caught: maskOf(3, 17) }), app], {}, 'SIGTERM'),
    expect: fails,
  },
  {
    name: 'it has a trap for another signal, and the image names none',
    facts: world([shell('sh', { caught: maskOf(3, 17) }), app]),
    expect: fails,
  },
  {
    name: 'a shell behind an init',
    facts: world([processOf(1, 'tini -- sh'), processOf(7, 'sh -c'), processOf(8, 'app', { parent: 1007 })]),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'behind-init',
      data: { init: 'tini', shell: { pid: 7 }, children: [{ pid: 8 }] },
    },
  },
  {
    name: 'a shell in a shared PID namespace',
    facts: world([processOf(20, 'sh -c', { parent: 900 }), processOf(21, 'app', { parent: 1020 })], {
      shareProcessNamespace: true,
    }),
    expect: { ...fails, data: { shell: { pid: 20 } } },
  },
  {
    name: "a shell in the node's PID namespace",
    facts: world(
      [processOf(20, 'sh -c', { parent: 900, depth: 1 }), processOf(21, 'app', { parent: 1020, depth: 1 })],
      { hostPid: true },
    ),
    expect: { status: 'not-applicable', message: /no process of it is PID 1/ },
  },
  {
    name: 'a trap for the stop signal of the image is missing: it has one for TERM only',
    facts: world([shell('sh', { caught: maskOf(15, 17), forwards: true }), app], {
      containers: [containerOf({ stopSignal: 'SIGQUIT' })],
    }),
    expect: { ...fails, data: { stopSignal: 'SIGQUIT' } },
  },
  {
    name: 'the second of two containers',
    facts: [
      given(subject, podOf({ containers: [containerOf(), containerOf({ name: 'side', path: ['containers', 1] })] })),
      given(processes, processesOf({ app: [processOf(1, 'java', { caught: maskOf(15) })], side: [shell(), app] })),
      given(imageStopSignals, new Map([[digest, '']])),
    ],
    expect: { ...fails, data: { container: 'side' } },
  },
  {
    name: 'a trap, and what it does is not known',
    facts: world([shell('sh', { caught: maskOf(15, 17) }), app]),
    expect: { status: 'unknown', message: /sh \(pid 1\) catches SIGTERM, and what its trap does cannot be seen/ },
  },
  {
    name: 'a trap that is known not to pass it on',
    facts: world([shell('sh', { caught: maskOf(15, 17), forwards: false }), app]),
    expect: { status: 'unknown' },
  },
  {
    name: 'a trap that passes it on to one of two children',
    facts: world([shell('sh', { caught: maskOf(15, 17), forwards: true }), app, processOf(8, 'log')]),
    expect: { status: 'unknown' },
  },
  {
    name: 'a trap behind an init',
    facts: world([
      processOf(1, 'tini --'),
      processOf(7, 'sh', { caught: maskOf(15) }),
      processOf(8, 'app', { parent: 1007 }),
    ]),
    expect: { status: 'unknown' },
  },
  {
    name: 'STOPSIGNAL SIGINT, which each shell catches',
    facts: world([shell('sh', { caught: maskOf(2, 17) }), app], {}, 'SIGINT'),
    expect: { status: 'unknown' },
  },
  {
    name: 'a trap that passes it on',
    facts: world([shell('sh', { caught: maskOf(15, 17), forwards: true }), app]),
    expect: { status: 'pass' },
  },
  {
    name: 'exec: the program is PID 1',
    facts: world([processOf(1, 'java', { caught: maskOf(15) })]),
    expect: { status: 'pass' },
  },
  { name: 'the program is PID 1, and deaf', facts: world([processOf(1, 'sleep')]), expect: { status: 'pass' } },
  { name: 'node', facts: world([processOf(1, 'node', { caught: maskOf(15) })]), expect: { status: 'pass' } },
  { name: 'a shell without children', facts: world([shell()]), expect: { status: 'pass' } },
  {
    name: 'a shell that ignores it',
    facts: world([shell('sh', { ignored: maskOf(15) }), app]),
    expect: { status: 'pass' },
  },
  { name: 'a program behind an init', facts: world([processOf(1, 'tini --'), app]), expect: { status: 'pass' } },
  { name: 'an init without a child', facts: world([processOf(1, 'tini --')]), expect: { status: 'pass' } },
  {
    name: 'npm, and the shell that it started',
    facts: world([
      processOf(1, 'npm', { program: 'node', caught: maskOf(2, 15) }),
      processOf(7, 'sh -c'),
      processOf(8, 'node', { parent: 1007 }),
    ]),
    expect: { status: 'not-applicable', message: /npm \(pid 1\) has a shell of its own \(shutdown\/sigterm-ignored\)/ },
  },
  {
    name: 'npm behind an init, and the shell that it started',
    facts: world([
      processOf(1, 'tini --'),
      processOf(7, 'npm', { program: 'node', parent: 1001 }),
      processOf(8, 'sh -c', { parent: 1007 }),
    ]),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'npm that started no shell',
    facts: world([processOf(1, 'npm', { program: 'node' }), processOf(7, 'node server.js')]),
    expect: { status: 'pass', message: /is no shell/ },
  },
  {
    name: 'a supervisor that does not end on it, and shells under it',
    facts: world([processOf(1, 'systemd'), processOf(7, 'sh'), processOf(8, 'x', { parent: 1007 })]),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a supervisor, and shells under it',
    facts: world([processOf(1, 's6-svscan'), processOf(7, 'sh'), processOf(8, 'x', { parent: 1007 })]),
    expect: { status: 'pass' },
  },
  {
    name: 'a shell further down is no matter of this',
    facts: world([
      processOf(1, 'java', { caught: maskOf(15) }),
      processOf(7, 'sh -c'),
      processOf(8, 'curl', { parent: 1007 }),
    ]),
    expect: { status: 'pass' },
  },
  ...(
    [
      ['Windows', { os: 'windows' }],
      ['gVisor', { runtimeClass: 'gvisor' }],
      ['Kata', { runtimeClass: 'kata-qemu' }],
      ['ended well', { phase: 'Succeeded' }],
      ['ended badly', { phase: 'Failed' }],
      ['nothing runs', { containers: [containerOf({ status: statusOf('app', { running: false }) })] }],
    ] as const
  ).map(([name, pod]) => ({
    name,
    facts: world([shell(), app], pod),
    expect: { status: 'not-applicable' } as const,
  })),
  { name: 'the container was not seen', facts: world([]), expect: { status: 'unknown', message: /app/ } },
  {
    name: 'one container was not seen, in the other a shell stands before the program',
    facts: [
      given(subject, podOf({ containers: [containerOf(), containerOf({ name: 'side', path: ['containers', 1] })] })),
      given(processes, processesOf({ side: [shell(), app] })),
      given(imageStopSignals, new Map([[digest, '']])),
    ],
    expect: { ...fails, data: { container: 'side' } },
  },
  { name: 'nobody looked', facts: [given(subject, podOf()), gap(processes)], expect: { status: 'unknown' } },
  {
    name: 'nobody was to look',
    facts: [given(subject, podOf()), gap(processes, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);
