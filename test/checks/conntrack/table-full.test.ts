import { tableFull } from '../../../src/checks/conntrack/table-full.ts';
import { conntrackChanges } from '../../../src/facts/conntrack/changes.ts';
import { type ConntrackSpace, conntrackCounters } from '../../../src/facts/conntrack/counters.ts';
import { conntrackLimits } from '../../../src/facts/conntrack/limits.ts';
import { type Space, spaces } from '../../../src/facts/network/spaces.ts';
import { type Pod, pods } from '../../../src/facts/workloads/pods.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const zero: ConntrackSpace = { space: '1', entries: 0, insertFailed: 0, clashResolved: 0, drop: 0, earlyDrop: 0 };
const source = 'cat /proc/net/stat/nf_conntrack';
const totals = (...list: Partial<ConntrackSpace>[]) =>
  given(conntrackCounters, { source, hostOnly: false, spaces: list.map((s) => ({ ...zero, ...s })) });
const changed = (...list: Partial<ConntrackSpace>[]) =>
  given(conntrackChanges, { source, hostOnly: false, seconds: 2, spaces: list.map((s) => ({ ...zero, ...s })) });
const limits = given(conntrackLimits, { max: 1000, buckets: 1024 });
const host: Space = { id: '1', host: true, pid: 1, process: 'systemd', podUid: null, containerId: null };
const pod: Pod = {
  namespace: 'shop',
  name: 'web-0',
  uid: 'u1',
  workload: 'w',
  hostNetwork: false,
  ips: ['10.244.1.5'],
  ports: [],
  containerIds: [],
  startedAtMs: null,
  restarts: 0,
  sysctls: {},
  portRange: null,
  reservedPorts: [],
};
const who = [given(spaces, [host, { ...host, id: '2', host: false, podUid: 'u1' }]), given(pods, [pod])];

testCheck(tableFull, [
  {
    name: 'packets dropped while the table is full',
    facts: [limits, totals({ entries: 1000, drop: 50, earlyDrop: 3 }), changed({ drop: 40, earlyDrop: 2 }), ...who],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'full',
      message:
        /^The connection tracking table of the node holds 1000 of 1000 entries, and within 2.0 s 40 packets .* 2 entries/,
      data: { dropped: 40, earlyDropped: 2, max: 1000 },
      now: ['sysctl -w net.netfilter.nf_conntrack_max=2000'],
    },
  },
  {
    name: 'full in a pod, against the one limit; more buckets too',
    facts: [
      given(conntrackLimits, { max: 100_000, buckets: 16_384 }),
      totals({}, { space: '2', entries: 99_000, drop: 9 }),
      changed({}, { space: '2', drop: 9 }),
      ...who,
    ],
    expect: {
      status: 'fail',
      severity: 'error',
      message: /of pod shop\/web-0 holds/,
      now: [
        'sysctl -w net.netfilter.nf_conntrack_max=200000',
        'echo 50000 >/sys/module/nf_conntrack/parameters/hashsize',
      ],
    },
  },
  {
    name: 'early drops alone',
    facts: [limits, totals({ entries: 700, earlyDrop: 1 }), changed({ earlyDrop: 1 }), ...who],
    expect: { status: 'fail', severity: 'warning', messageId: 'full' },
  },
  {
    name: 'nine tenths',
    facts: [limits, totals({ entries: 900 }), changed({}), ...who],
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'nearly-full',
      message: /new connections are dropped\.$/,
    },
  },
  {
    name: 'three quarters, whose network namespace is gone',
    facts: [limits, totals({ space: '9', entries: 750 }), changed({}), ...who],
    expect: { status: 'fail', severity: 'info', messageId: 'nearly-full', message: /that is gone by now/ },
  },
  {
    name: 'below three quarters',
    facts: [limits, totals({ entries: 749 }), changed({ entries: 749 })],
    expect: { status: 'pass', message: /^the fullest of 1 network namespaces holds 749 of 1000 entries/ },
  },
  {
    name: 'drops far from the limit, which are no lack of room for sure',
    facts: [limits, totals({ entries: 10, drop: 7 }), changed({ drop: 7 }), ...who],
    expect: { status: 'fail', severity: 'info', messageId: 'full', message: /had room when it was looked at/ },
  },
  {
    name: 'drops that clashes explain',
    facts: [limits, totals({ entries: 10, drop: 7, insertFailed: 7 }), changed({ drop: 7, insertFailed: 7 })],
    expect: { status: 'pass' },
  },
  {
    name: 'full some day, and quiet now',
    facts: [limits, totals({ entries: 10, drop: 70, earlyDrop: 4 }), changed({}), ...who],
    expect: { status: 'fail', severity: 'info', messageId: 'seen-earlier', message: /early_drop is 4 .* stood still/ },
  },
  {
    name: 'no limit',
    facts: [given(conntrackLimits, { max: 0, buckets: null }), totals({ entries: 5000 }), changed({})],
    expect: { status: 'pass', message: /of unlimited entries/ },
  },
  {
    name: 'full, and one sample only',
    facts: [limits, totals({ entries: 950 }), gap(conntrackChanges, 'not-chosen'), ...who],
    expect: { status: 'fail', severity: 'warning', messageId: 'nearly-full' },
  },
  {
    name: 'room, and one sample only',
    facts: [limits, totals({ entries: 5 }), gap(conntrackChanges, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  {
    name: 'by netlink: the node alone',
    facts: [
      limits,
      given(conntrackCounters, {
        source: 'conntrack -S',
        hostOnly: true,
        spaces: [{ ...zero, space: 'host', entries: 950 }],
      }),
      changed({}),
      gap(spaces),
      gap(pods),
    ],
    expect: { status: 'fail', severity: 'warning', message: /table of the node holds 950/ },
  },
  {
    name: 'by netlink, and all well',
    facts: [
      limits,
      given(conntrackCounters, { source: 'conntrack -S', hostOnly: true, spaces: [{ ...zero, space: 'host' }] }),
      changed({}),
    ],
    expect: { status: 'pass', message: /of pods this kernel says nothing/ },
  },
  {
    name: 'nothing tracks',
    facts: [given(conntrackLimits, null)],
    expect: { status: 'not-applicable', message: /tracks no connections/ },
  },
  {
    name: 'no counters',
    facts: [limits, gap(conntrackCounters, 'tool-missing'), gap(conntrackChanges, 'tool-missing')],
    expect: { status: 'unknown' },
  },
]);
