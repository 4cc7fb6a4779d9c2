import { synQueue } from '../../../src/checks/sockets/syn-queue.ts';
import { counterChanges } from '../../../src/facts/network/counter-changes.ts';
import { spaces } from '../../../src/facts/network/spaces.ts';
import { type Queues, queues } from '../../../src/facts/sockets/queues.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { changesOfNode, listenQueue, noQueues, podOfNode, spacesOfNode } from '../../support/network-counters.ts';

type Values = Readonly<Record<string, number>>;
const node = (host: Values, pod: Values, more: Partial<Queues> | null = {}): Given[] => [
  given(counterChanges, changesOfNode(host, pod)),
  given(spaces, spacesOfNode),
  given(pods, [podOfNode]),
  more ? given(queues, { ...noQueues, ...more }) : gap(queues),
];
const off = { space: '1', somaxconn: 4096, maxSynBacklog: 16, synCookies: 0 };
const host = { space: '1', waiting: 0, waitingBefore: 0, backlog: 500, owner: null };
const dropped = { 'TcpExt.TCPReqQFullDrop': 3, 'TcpExt.ListenDrops': 3 };

testCheck(synQueue, [
  {
    name: 'SYNs dropped on the host, cookies off',
    facts: node(dropped, {}, { listeners: [listenQueue({ ...host, halfOpen: 6, backlog: 5 })], settings: [off] }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'dropped',
      message: /full 3 times in 2.0 s, .* 6 half open, backlog 5/,
      now: ['sysctl -w net.ipv4.tcp_syncookies=1'],
      data: { count: 3, listeners: [{ port: 8080, halfOpen: 6, backlog: 5 }] },
    },
  },
  {
    name: 'the same in a pod: its own setting, no command on the node',
    facts: node({}, dropped, { listeners: [listenQueue({ halfOpen: 6, backlog: null })] }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'dropped',
      message: /pod shop\/web-0.*backlog not known/,
    },
  },
  {
    name: 'ten cookies',
    facts: node({ 'TcpExt.TCPReqQFullDoCookies': 10 }, {}),
    expect: { status: 'fail', severity: 'warning', messageId: 'cookies', message: /could not be seen \(none had/ },
  },
  { name: 'nine cookies', facts: node({ 'TcpExt.TCPReqQFullDoCookies': 9 }, {}), expect: { status: 'pass' } },
  {
    name: 'behind a full accept queue it is no cause of its own',
    facts: node({}, { 'TcpExt.TCPReqQFullDoCookies': 90, 'TcpExt.ListenOverflows': 5, 'TcpExt.ListenDrops': 5 }),
    expect: { status: 'fail', severity: 'info', messageId: 'behind' },
  },
  {
    name: 'a full accept queue alone is not told here',
    facts: node({}, { 'TcpExt.ListenOverflows': 50, 'TcpExt.ListenDrops': 50 }),
    expect: { status: 'pass' },
  },
  {
    name: 'tcp_max_syn_backlog reached, cookies off',
    facts: node(
      { 'TcpExt.ListenDrops': 1 },
      {},
      { listeners: [listenQueue({ ...host, halfOpen: 13 })], settings: [off] },
    ),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'max-syn-backlog',
      message: /three quarters of net\.ipv4\.tcp_max_syn_backlog \(16\).*13 half open/,
      now: ['sysctl -w net.ipv4.tcp_max_syn_backlog=4096'],
      data: { count: 1, maxSynBacklog: 16, halfOpen: 13 },
    },
  },
  {
    name: 'the same of a pod that could be entered',
    facts: node(
      {},
      { 'TcpExt.ListenDrops': 9 },
      { listeners: [listenQueue({ halfOpen: 9 })], settings: [{ ...off, space: '2' }] },
    ),
    expect: { status: 'fail', severity: 'warning', messageId: 'max-syn-backlog' },
  },
  {
    name: 'hardly any half open: another reason, and few',
    facts: node(
      { 'TcpExt.ListenDrops': 9 },
      {},
      { listeners: [listenQueue({ ...host, halfOpen: 8 })], settings: [off] },
    ),
    expect: { status: 'pass' },
  },
  {
    name: 'many drops whose reason is not known are not called good',
    facts: node({}, { 'TcpExt.ListenDrops': 10 }),
    expect: { status: 'fail', severity: 'info', messageId: 'unexplained', message: /10 SYNs were dropped/ },
  },
  {
    name: 'no queues were read',
    facts: node(dropped, {}, null),
    expect: { status: 'fail', severity: 'warning', messageId: 'dropped', message: /sockets\/queues is missing/ },
  },
  {
    name: 'few drops, and no queues that could tell why',
    facts: node({ 'TcpExt.ListenDrops': 1 }, {}, null),
    expect: { status: 'unknown', message: /SYNs were dropped/ },
  },
  { name: 'nothing', facts: node({}, {}), expect: { status: 'pass', message: /2 network namespaces/ } },
  {
    name: 'a kernel that does not count it',
    facts: [given(counterChanges, { ...changesOfNode({}), names: new Set(['Udp.RcvbufErrors']) })],
    expect: { status: 'unknown' },
  },
  { name: 'no window', facts: [gap(counterChanges, 'not-chosen')], expect: { status: 'skipped' } },
]);
