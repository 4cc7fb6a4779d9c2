import { describe, expect, it } from 'vitest';
import { flowMemoryProc } from '../../src/probes/ipvs/flow-memory.proc.ts';
import { suspectsProc } from '../../src/probes/ipvs/suspects.proc.ts';
import { virtualServersProc } from '../../src/probes/ipvs/virtual-servers.proc.ts';
import { agentsProc } from '../../src/probes/node/agents.proc.ts';
import { nodePortsNode } from '../../src/probes/services/node-ports.node.ts';
import { autoboundSs } from '../../src/probes/sockets/autobound.ss.ts';
import { listenersProc } from '../../src/probes/sockets/listeners.proc.ts';
import { windowSampling } from '../../src/probes/sockets/window.sampling.ts';
import { rawLines } from '../parsers/fuzz.ts';
import { kindOf, none, said, told } from './raws.ts';

const row = (local: string, inode: number, state = '0A', remote = '00000000:0000'): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 00000000ade4b93c 100 0 0 10 0`;
const kubelet = { inode: '7', pid: 812, process: 'kubelet', containerId: null, podUid: null, unit: 'kubelet.service' };
const own = (inode: number): string => `own\t${inode}\t812\t0::/system.slice/kubelet.service\tkubelet`;

describe('listeners', () => {
  const parse = (...lines: string[]): unknown => kindOf(listenersProc.parse({ rows: said(`${lines.join('\n')}\n`) }));
  it.each([
    [
      'owner and argument',
      ['arch x86_64', `row\ttcp\t34567\t7\t${row('0100007F:8707', 7)}`, own(7), 'arg\t812\t34567'],
      [{ protocol: 'TCP', ip: '127.0.0.1', port: 34567, owner: kubelet, inArguments: true }],
    ],
    [
      'another port in the arguments',
      ['arch x86_64', `row\ttcp\t34567\t7\t${row('0100007F:8707', 7)}`, own(7), 'arg\t812\t3456'],
      [{ protocol: 'TCP', ip: '127.0.0.1', port: 34567, owner: kubelet, inArguments: false }],
    ],
    [
      "another process's argument",
      ['arch x86_64', `row\ttcp\t34567\t7\t${row('0100007F:8707', 7)}`, own(8), 'arg\t812\t34567'],
      [{ protocol: 'TCP', ip: '127.0.0.1', port: 34567, owner: null, inArguments: false }],
    ],
    [
      'UDP6 of a big-endian machine',
      ['arch s390x', `row\tudp6\t34567\t7\t${row('FD000000000000000000000000000001:8707', 7, '07')}`],
      [{ protocol: 'UDP', ip: 'fd00::1', port: 34567, owner: null, inArguments: false }],
    ],
    ['none', ['arch x86_64'], []],
    ['no machine', [''], 'unparsable'],
    ['a row that is none', ['arch x86_64', 'row\ttcp\t1\t7\tgarbage'], 'unparsable'],
  ])('%s', (_, lines, want) => expect(parse(...lines)).toEqual(want));
});

it('more connections than are taken are told', () => {
  const tables = said('conntrack /proc/net/nf_conntrack\n');
  expect(kindOf(flowMemoryProc.parse({ sockets: said('', 'arch x86_64\ncut\n'), tables }))).toBe('truncated');
});
it('more listeners than are taken are told', () => {
  expect(kindOf(listenersProc.parse({ rows: said('cut\narch x86_64\n') }))).toBe('truncated');
});

describe('autobound', () => {
  const recorded = (name: string): unknown =>
    kindOf(autoboundSs.parse({ rows: said(rawLines(`${name}.debian-12.iproute2-6.1.0.txt`).join('\n')) }));
  it('a real answer of the kernel', () => {
    expect(recorded('ss-Htulnm-autobound')).toEqual(new Set(['UDP ::1 42130', 'TCP 127.0.0.1 50367']));
  });
  it('a guess of ss, on a kernel without inet_diag, is none: port 40123 was asked for', () => {
    expect(recorded('ss-Htulnm-autobound-no-inet-diag')).toBe('unsupported');
  });
  const row = 'tcp LISTEN 0 5 127.0.0.1:50367 0.0.0.0:*';
  const memory = '\t skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d0)';
  it.each([
    ['', new Set()],
    ['\n', new Set()],
    [`${row}${memory}\n`, new Set(['TCP 127.0.0.1 50367'])],
    [`${row}\n${memory}\nudp UNCONN 0 0 127.0.0.1:50288 0.0.0.0:*\n`, 'unsupported'],
    [`udp UNCONN 0 0 127.0.0.1:50288 0.0.0.0:*\n${row}\n${memory}\n`, 'unsupported'],
    ['ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n', 'unparsable'],
    ['Netid State Recv-Q Send-Q Local Peer\n', 'unparsable'],
  ])('%j', (text, want) => expect(kindOf(autoboundSs.parse({ rows: said(text) }))).toEqual(want));
});

describe('the window', () => {
  it.each([
    ['one sample', said(''), 'not-chosen'],
    ['two', said('', ''), { samples: 2, seconds: 0.25 }],
    ['five', said('', '', '', '', ''), { samples: 5, seconds: 1 }],
    ['truncated', none('truncated'), 'truncated'],
  ])('%s', (_, sockets, want) => expect(kindOf(windowSampling.parse({ sockets }))).toEqual(want));
});

describe('virtual servers', () => {
  const text = 'addresses\nport\tTCP\t794F\t1\nport\tTCP\t0050\t0\nport\tUDP\t794F\t1\nport\tSCTP\t0001\t1\ncount\t9\n';
  const ports = [
    { protocol: 'SCTP', port: 1 },
    { protocol: 'TCP', port: 31055 },
    { protocol: 'UDP', port: 31055 },
  ];
  it.each([
    ['no IPVS', said('none\n'), { count: 0, nodePorts: [] }],
    ['some', said(text), { count: 9, nodePorts: ports }],
    ['no `ip` there', said(text.replace('addresses\n', '')), { count: 9, nodePorts: null }],
    [
      'hostile rows',
      said(
        'addresses\nport\tTCP\t1794F\t1\nport\ttcp\t794F\t1\nport\tTCP\t\t1\nport\tTCP\t794F\t2\ncount\tx\ncount\t2\n',
      ),
      { count: 2, nodePorts: [] },
    ],
    ['a gap', none('failed'), 'failed'],
  ])('%s', (_, table, want) => expect(kindOf(virtualServersProc.parse({ table }))).toEqual(want));

  it.each([
    ['as NodePorts', said(text), ports.map((p) => ({ ...p, service: null, kind: 'nodePort' }))],
    ['no IPVS', said('none\n'), 'not-chosen'],
    ['empty', said('addresses\ncount\t0\n'), 'not-chosen'],
    ['no `ip`', said(text.replace('addresses\n', '')), 'tool-missing'],
    ['a gap', none('failed'), 'failed'],
  ])('%s', (_, table, want) => expect(kindOf(nodePortsNode.parse({ table }))).toEqual(want));
});

it.each([
  ['conntrack /proc/net/nf_conntrack\nflow\tx\n', { source: '/proc/net/nf_conntrack' }],
  ['conntrack conntrack -L\n', { source: 'conntrack -L' }],
  ['limit x 60\n', 'absent'],
  ['flow\tconntrack x\n', 'absent'],
  ['conntrack /proc/net/nf_conntrack\nflow\tx\ncut\n', 'truncated'],
  ['', 'absent'],
])('flow memory of %j', (text, want) =>
  expect(kindOf(flowMemoryProc.parse({ sockets: said(''), tables: said(text) }))).toEqual(want),
);

describe('agents', () => {
  it.each([
    ['none', '', []],
    [
      'flags and file',
      'agent\t9\tkube-proxy\nflag\t9\tproxy-mode="ipvs"\nflag\t9\tx=a=b\nconfig\t9\tmode=\'ipvs\'\n',
      [{ pid: 9, name: 'kube-proxy', flags: { 'proxy-mode': 'ipvs', x: 'a=b' }, config: { mode: 'ipvs' } }],
    ],
    [
      'flags of another',
      'agent\t9\tkubelet\nflag\t8\tconfig=/x\n',
      [{ pid: 9, name: 'kubelet', flags: {}, config: {} }],
    ],
    ['hostile lines', 'agent\t-1\tkubelet\nagent\t\nflag\t9\n\tagent\t1\tx\n', []],
  ])('%s', (_, text, want) => expect(told(agentsProc.parse({ list: said(text) }))).toEqual(want));
});

describe('suspects', () => {
  const sent = row('0115F40A:794F', 7, '02', '0415F40A:1F90');
  const conntrack =
    'ipv4     2 tcp      6 48 SYN_RECV src=10.244.21.1 dst=10.244.21.4 sport=31055 dport=8080 src=10.244.21.4 dst=10.244.21.1 sport=8080 dport=31055 mark=0 use=1';
  const flow = {
    protocol: 'TCP',
    source: { ip: '10.244.21.1', port: 31055 },
    destination: { ip: '10.244.21.4', port: 8080 },
  };
  const conn = 'TCP 0AF41504 1F90 0AF41501 794F 0AF40109 0050 SYN_RECV         58';
  const socket = (...more: string[]): string => ['arch x86_64', `row\tTCP\t7\t${sent}`, ...more].join('\n');
  const tables = (...lines: string[]) =>
    said(['conntrack /proc/net/nf_conntrack', ...lines, 'limit nf_conntrack_tcp_timeout_syn_recv 60'].join('\n'));
  const tuples = (sockets: ReturnType<typeof said>, t: ReturnType<typeof said>): unknown => {
    const r = suspectsProc.parse({ sockets, tables: t });
    return r.ok ? r.value.tuples : r.gap.kind;
  };

  it('a socket, its conntrack entry, its mirror and its virtual server', () => {
    expect(
      told(
        suspectsProc.parse({
          sockets: said(socket(own(7))),
          tables: tables(`flow\t${conntrack}`, `conn\t${conn}`, 'server\tTCP  0AF41501:794F rr'),
        }),
      ),
    ).toEqual({
      tuples: [{ ...flow, state: 'SYN_SENT', seenIn: 'socket', owner: kubelet, ageSeconds: null }],
      connections: [
        {
          protocol: 'TCP',
          client: flow.destination,
          virtual: flow.source,
          backend: { ip: '10.244.1.9', port: 80 },
          state: 'SYN_RECV',
          expiresSeconds: 58,
        },
      ],
      servers: [{ protocol: 'TCP', end: flow.source }],
    });
  });

  it.each([
    [
      'an owner seen in one sample only',
      said('', socket(), socket(own(7)), socket()),
      tables(),
      [{ ...flow, state: 'SYN_SENT', seenIn: 'socket', owner: kubelet, ageSeconds: null }],
    ],
    [
      'only in conntrack: its age by the limit',
      said(''),
      tables(`flow\t${conntrack}`),
      [{ ...flow, state: 'SYN_RECV', seenIn: 'conntrack', owner: null, ageSeconds: 12 }],
    ],
    [
      'at the limit',
      said(''),
      tables(`flow\t${conntrack.replace(' 48 ', ' 60 ')}`),
      [{ ...flow, state: 'SYN_RECV', seenIn: 'conntrack', owner: null, ageSeconds: 0 }],
    ],
    [
      'beyond the limit its age is not known',
      said(''),
      tables(`flow\t${conntrack.replace(' 48 ', ' 61 ')}`),
      [{ ...flow, state: 'SYN_RECV', seenIn: 'conntrack', owner: null, ageSeconds: null }],
    ],
    [
      'no limit for this state',
      said(''),
      tables(`flow\t${conntrack.replace('SYN_RECV', 'SYN_SENT')}`),
      [{ ...flow, state: 'SYN_SENT', seenIn: 'conntrack', owner: null, ageSeconds: null }],
    ],
    [
      'UDP has no age',
      said(''),
      tables(`flow\t${conntrack.replace('tcp      6 48 SYN_RECV', 'udp      17 29')}`),
      [{ ...flow, protocol: 'UDP', state: '', seenIn: 'conntrack', owner: null, ageSeconds: null }],
    ],
    [
      'other protocols are none',
      said(''),
      tables(`flow\t${conntrack.replace('tcp      6 48 SYN_RECV', 'dccp     33 29')}`),
      [],
    ],
    [
      'rows that are none',
      said('arch x86_64\nrow\tTCP\t7\tgarbage\nrow\tSCTP\t7\tx'),
      tables('flow\tgarbage', 'conn\tgarbage', 'server\tgarbage'),
      [],
    ],
    ['none', said(''), said(''), []],
    ['a row and no machine', said(`row\tTCP\t7\t${sent}`), tables(), 'unparsable'],
    ['sockets truncated', none('truncated'), tables(), 'truncated'],
    ['tables forbidden', said(''), none('forbidden'), 'forbidden'],
  ])('%s', (_, sockets, t, want) => expect(tuples(sockets, t)).toEqual(want));
});
