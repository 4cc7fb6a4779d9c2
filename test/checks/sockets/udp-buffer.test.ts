import { describe, expect, it } from 'vitest';
import { udpBuffer } from '../../../src/checks/sockets/udp-buffer.ts';
import { type SocketMemory, socketMemory } from '../../../src/facts/kernel/socket-memory.ts';
import { counterChanges } from '../../../src/facts/network/counter-changes.ts';
import { counters } from '../../../src/facts/network/counters.ts';
import { spaces } from '../../../src/facts/network/spaces.ts';
import { type DatagramQueue, type Queues, queues } from '../../../src/facts/sockets/queues.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';
import { changesOfNode, countersOfNode, noQueues, podOfNode, spacesOfNode } from '../../support/network-counters.ts';

type Values = Readonly<Record<string, number>>;
const limits: SocketMemory = {
  tcpPages: [100, 200, 300],
  udpPages: [10, 20, 30],
  pageBytes: 4096,
  receiveDefaultBytes: 212_992,
  receiveMaxBytes: 212_992,
  sendDefaultBytes: 212_992,
  sendMaxBytes: 16_777_216,
};
const node = (
  host: Values,
  pod: Values,
  more: Partial<Queues> | null = {},
  memory: SocketMemory | null = limits,
  ever: Values = pod,
): Given[] => [
  given(counterChanges, changesOfNode(host, pod)),
  given(counters, countersOfNode(host, ever)),
  given(spaces, spacesOfNode),
  given(pods, [podOfNode]),
  memory ? given(socketMemory, memory) : gap(socketMemory),
  more ? given(queues, { ...noQueues, ...more }) : gap(queues),
];
const socket = (more: Partial<DatagramQueue> = {}): DatagramQueue => ({
  space: '2',
  ip: '0.0.0.0',
  port: 53,
  drops: 40,
  dropsEver: 90,
  receivedBytes: 212_480,
  unsentBytes: 0,
  owner: { pid: 201, process: 'dnsd', containerId: 'c2', podUid: 'u1', unit: null },
  ...more,
});
const dropped = { 'Udp.RcvbufErrors': 30, 'Udp6.RcvbufErrors': 10 };
const fix = 'sysctl -w net.core.rmem_default=1048576 net.core.rmem_max=8388608';

testCheck(udpBuffer, [
  {
    name: 'the very socket, its process and its pod',
    facts: node({}, dropped, {
      datagrams: [socket({ port: 54, drops: 0 }), socket(), socket({ space: '1', port: 55 })],
    }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'receive',
      message:
        /^40 UDP datagrams .* Dropped by: 0\.0\.0\.0:53 of dnsd \(pod shop\/web-0, pid 201\): 40 in the window, 212480 bytes unread\.$/,
      data: { errors: 40, sockets: [{ port: 53, process: 'dnsd', pod: 'shop/web-0', drops: 40 }] },
      now: [fix],
    },
  },
  {
    name: 'ten are told',
    facts: node({}, { 'Udp6.RcvbufErrors': 10 }, { datagrams: [socket({ ip: '::', drops: null })] }),
    expect: { status: 'fail', severity: 'warning', message: /\[::\]:53 .*: 90 since it was opened/ },
  },
  { name: 'nine are a burst', facts: node({}, { 'Udp.RcvbufErrors': 9 }), expect: { status: 'pass' } },
  {
    name: 'dropped since the bundle of --since, before this window',
    facts: node({}, dropped, { datagrams: [socket({ drops: 0 }), socket({ port: 54, drops: 0, dropsEver: 0 })] }),
    expect: { status: 'fail', severity: 'warning', message: /Dropped by: 0\.0\.0\.0:53 [^;]*: 90 since it was opened/ },
  },
  {
    name: 'over an hour single bursts add up',
    facts: [
      given(counterChanges, { ...changesOfNode({}, { 'Udp.RcvbufErrors': 359 }), seconds: 3600 }),
      ...node({}, {}).slice(1),
    ],
    expect: { status: 'pass' },
  },
  {
    name: 'one in ten seconds over an hour',
    facts: [
      given(counterChanges, { ...changesOfNode({}, { 'Udp.RcvbufErrors': 360 }), seconds: 3600 }),
      ...node({}, {}).slice(1),
    ],
    expect: { status: 'fail', severity: 'warning' },
  },
  {
    name: 'the socket is closed by now',
    facts: node({}, dropped),
    expect: {
      status: 'fail',
      severity: 'warning',
      message: /Which socket in the network of pod shop\/web-0 it is could not be seen \(it is closed/,
    },
  },
  {
    name: 'no queues, no limits: no command',
    facts: node(dropped, {}, null, null),
    expect: {
      status: 'fail',
      severity: 'warning',
      message: /the node it is could not be seen \(sockets\/queues is missing/,
    },
  },
  {
    name: 'more sockets than are told',
    facts: node({}, dropped, { datagrams: [1, 2, 3, 4, 5, 6, 7].map((port) => socket({ port, drops: port })) }),
    expect: { status: 'fail', severity: 'warning', message: /0\.0\.0\.0:7 .* and 2 more/ },
  },
  {
    name: 'what could not be sent',
    facts: node(
      { 'Udp.SndbufErrors': 10, 'Udp.OutDatagrams': 990 },
      {},
      {
        datagrams: [socket({ space: '1', unsentBytes: 200_000, owner: null }), socket({ space: '1', port: 54 })],
      },
    ),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'send',
      message: /With something unsent: 0\.0\.0\.0:53 of a process .*: 200000 bytes unsent\.$/,
      now: ['sysctl -w net.core.wmem_default=1048576 net.core.wmem_max=16777216'],
    },
  },
  {
    name: 'less than one in a hundred is how programs that do not block work',
    facts: node({ 'Udp.SndbufErrors': 10, 'Udp.OutDatagrams': 991 }, {}),
    expect: { status: 'pass' },
  },
  { name: 'nine that could not be sent', facts: node({ 'Udp.SndbufErrors': 9 }, {}), expect: { status: 'pass' } },
  {
    name: 'all UDP sockets together',
    facts: node({}, { 'Udp.MemErrors': 10, 'sockstat.UDP.mem': 31 }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'memory',
      message: /10 UDP datagrams for pod shop\/web-0 .* hold 31 pages, .*\(10 20 30 pages\)/,
      now: ['sysctl -w net.ipv4.udp_mem="20 40 60"'],
    },
  },
  {
    name: 'all UDP sockets together, limits not known',
    facts: node({}, { 'Udp.MemErrors': 10, 'sockstat.UDP.mem': 31 }, {}, null),
    expect: { status: 'fail', severity: 'warning', messageId: 'memory' },
  },
  {
    name: 'many since boot, none now',
    facts: node({}, {}, {}, limits, { 'Udp.RcvbufErrors': 1000 }),
    expect: { status: 'fail', severity: 'info', messageId: 'seen-earlier', message: /1000 in the network of pod shop/ },
  },
  {
    name: 'some since boot are daily routine',
    facts: node({}, {}, {}, limits, { 'Udp.RcvbufErrors': 999 }),
    expect: { status: 'pass', message: /fewer than 10 .* 2 network namespaces/ },
  },
  {
    name: 'a kernel that does not count it',
    facts: [
      given(counterChanges, { ...changesOfNode({}), names: new Set(['Udp.InErrors']) }),
      ...node({}, {}).slice(1),
    ],
    expect: { status: 'unknown' },
  },
  { name: 'no window', facts: [gap(counterChanges, 'not-chosen')], expect: { status: 'skipped' } },
]);

describe('the fix', () => {
  const fixOf = (receivedBytes: number, memory: SocketMemory) => {
    const [finding] = run(udpBuffer, node({}, dropped, { datagrams: [socket({ receivedBytes })] }, memory));
    return finding?.status === 'fail' ? finding.fix : undefined;
  };

  it('says which of the two settings this socket has to do with', () => {
    expect(fixOf(212_480, limits)?.say).toMatch(
      /This one has the default size, so net\.core\.rmem_default or SO_RCVBUF/,
    );
    expect(fixOf(424_000, limits)?.say).toMatch(/larger than the default, so its program asked for it/);
    expect(fixOf(0, limits)?.say).not.toMatch(/This one/);
  });
  it('never makes a buffer smaller', () => {
    const large = { ...limits, receiveDefaultBytes: 4_194_304, receiveMaxBytes: 33_554_432 };
    expect(fixOf(0, large)?.now).toEqual(['sysctl -w net.core.rmem_default=4194304 net.core.rmem_max=33554432']);
  });
  it('has no command for a node that is a container', () => {
    const fix = fixOf(0, { ...limits, tcpPages: null, udpPages: null });
    expect(fix?.now).toBeUndefined();
    expect(fix?.say).toMatch(/on the machine that it runs on/);
  });
});
