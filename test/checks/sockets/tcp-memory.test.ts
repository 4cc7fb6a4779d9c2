import { tcpMemory } from '../../../src/checks/sockets/tcp-memory.ts';
import { type SocketMemory, socketMemory } from '../../../src/facts/kernel/socket-memory.ts';
import { counterChanges } from '../../../src/facts/network/counter-changes.ts';
import { spaces } from '../../../src/facts/network/spaces.ts';
import { queues } from '../../../src/facts/sockets/queues.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { changesOfNode, noQueues, podOfNode, spacesOfNode } from '../../support/network-counters.ts';

type Values = Readonly<Record<string, number>>;
const limits: SocketMemory = {
  tcpPages: [1000, 2000, 3000],
  udpPages: null,
  pageBytes: 4096,
  receiveDefaultBytes: null,
  receiveMaxBytes: null,
  sendDefaultBytes: null,
  sendMaxBytes: null,
};
const node = (used: number, pod: Values = {}, memory: Partial<SocketMemory> = {}): Given[] => [
  given(counterChanges, changesOfNode({ 'sockstat.TCP.mem': used }, { 'sockstat.TCP.mem': used, ...pod })),
  given(spaces, spacesOfNode),
  given(pods, [podOfNode]),
  given(socketMemory, { ...limits, ...memory }),
];

testCheck(tcpMemory, [
  { name: 'below the pressure', facts: node(1999), expect: { status: 'pass', message: /holds 1999 of 2000 pages/ } },
  {
    name: 'at the pressure',
    facts: node(2000),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'pressure',
      message: /hold 2000 pages \(7\.8 MiB\) of memory: from net\.ipv4\.tcp_mem\[1\] = 2000.*at 3000 pages/,
      now: ['sysctl -w net.ipv4.tcp_mem="2000 4000 6000"'],
    },
  },
  {
    name: 'just below the limit',
    facts: node(2999),
    expect: { status: 'fail', severity: 'warning', messageId: 'pressure' },
  },
  {
    name: 'at the limit, on a machine whose pages are not known',
    facts: node(3000, {}, { pageBytes: null }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'exhausted',
      message: /hold 3000 pages of memory.*resets/,
    },
  },
  {
    name: 'a node that is a container: the limit is not shown, discards are judged all the same',
    facts: node(9999, {}, { tcpPages: null }),
    expect: { status: 'pass', message: /the limit is of the machine/ },
  },
  {
    name: 'ten segments thrown away in a pod',
    facts: node(1, {
      'TcpExt.TCPRcvQDrop': 4,
      'TcpExt.TCPBacklogDrop': 3,
      'TcpExt.RcvPruned': 4,
      'TcpExt.TCPZeroWindowDrop': 3,
    }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'discarded',
      message: /network of pod shop\/web-0 within 2.0 s: 10 segments were thrown away/,
      data: { discarded: 10, counters: { 'TcpExt.TCPRcvQDrop': 4 } },
    },
  },
  {
    name: 'and who has most unread there',
    facts: [
      ...node(1, { 'TcpExt.TCPRcvQDrop': 40 }),
      given(queues, {
        ...noQueues,
        unread: [
          {
            space: '2',
            ip: '10.0.0.2',
            port: 80,
            remote: { ip: '10.0.0.9', port: 4000 },
            receivedBytes: 70_000,
            owner: null,
          },
          { space: '2', ip: '::', port: 81, remote: { ip: 'fd00::9', port: 4001 }, receivedBytes: 90_000, owner: null },
          {
            space: '1',
            ip: '10.0.0.1',
            port: 82,
            remote: { ip: '10.0.0.9', port: 4002 },
            receivedBytes: 99_000,
            owner: null,
          },
        ],
      }),
    ],
    expect: {
      status: 'fail',
      severity: 'warning',
      message:
        /Most unread: \[::\]:81 of a process .* \(pod shop\/web-0\): 90000 bytes from fd00::9 port 4001; 10\.0\.0\.2:80 [^;]*\.$/,
      data: { unread: [{ port: 81, receivedBytes: 90_000 }, { port: 80 }] },
    },
  },
  { name: 'nine', facts: node(1, { 'TcpExt.TCPBacklogDrop': 9 }), expect: { status: 'pass' } },
  { name: 'making room is routine', facts: node(1, { 'TcpExt.PruneCalled': 5000 }), expect: { status: 'pass' } },
  {
    name: 'one connection reset for want of memory',
    facts: node(1, { 'TcpExt.TCPAbortOnMemory': 1, 'TcpExt.TCPBacklogDrop': 2 }),
    expect: { status: 'fail', severity: 'warning', messageId: 'aborted', message: /1 connections were reset/ },
  },
  {
    name: 'pressure that was over at the end',
    facts: node(1, { 'TcpExt.TCPMemoryPressures': 1 }),
    expect: { status: 'fail', severity: 'warning', messageId: 'pressed' },
  },
  {
    name: 'a kernel that does not tell it',
    facts: [
      given(counterChanges, { ...changesOfNode({}), names: new Set(['Udp.RcvbufErrors']) }),
      given(socketMemory, limits),
    ],
    expect: { status: 'unknown' },
  },
  {
    name: 'no limits',
    facts: [given(counterChanges, changesOfNode({})), gap(socketMemory)],
    expect: { status: 'unknown' },
  },
  { name: 'no window', facts: [gap(counterChanges, 'not-chosen')], expect: { status: 'skipped' } },
]);
