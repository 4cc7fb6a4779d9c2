import { expect, it } from 'vitest';
import { listenerInRange } from '../../../src/checks/ports/listener-in-range.ts';
import { nodeportOverlap } from '../../../src/checks/ports/nodeport-overlap.ts';
import type { GapKind } from '../../../src/core/gap.ts';
import type { PortRange } from '../../../src/core/report.ts';
import { ephemeralRange } from '../../../src/facts/kernel/ephemeral-range.ts';
import { reservedPorts } from '../../../src/facts/kernel/reserved-ports.ts';
import { type ProxyMode, proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { nodePortRange } from '../../../src/facts/services/node-port-range.ts';
import { type NodePort, nodePorts } from '../../../src/facts/services/node-ports.ts';
import { autobound } from '../../../src/facts/sockets/autobound.ts';
import { type Listener, listeners } from '../../../src/facts/sockets/listeners.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';

const mode = (m: ProxyMode['mode'], replacedBy: string | null = null): Given =>
  given(proxyMode, { mode: m, source: 'a test', replacedBy, leftoverServers: 0 });
const web: NodePort = { port: 31055, protocol: 'TCP', service: 'shop/web', kind: 'nodePort' };
const health: NodePort = { port: 32000, protocol: 'TCP', service: 'shop/lb', kind: 'healthCheckNodePort' };

interface Node {
  readonly ephemeral?: PortRange;
  readonly reserved?: readonly PortRange[];
  readonly proxy?: Given;
  /** A gap where Services are not known. */
  readonly ports?: readonly NodePort[] | GapKind;
  readonly more?: readonly Given[];
  readonly range?: PortRange | null;
}

const node = (n: Node): Given[] => [
  given(ephemeralRange, n.ephemeral ?? [12000, 65001]),
  given(reservedPorts, n.reserved ?? []),
  n.proxy ?? mode('ipvs'),
  typeof n.ports === 'string' ? gap(nodePorts, n.ports) : given(nodePorts, n.ports ?? [web]),
  n.range
    ? given(nodePortRange, { range: n.range, source: '--service-node-port-range' })
    : gap(nodePortRange, 'absent'),
  ...(n.more ?? []),
];

const server: Listener = { protocol: 'TCP', ip: '0.0.0.0', port: 50051, owner: null, inArguments: true };

const hits = (...ports: number[]) => ({ ports: ports.map((port) => expect.objectContaining({ port })) });
const sysctl = (text: string): string[] => [`sysctl -w ${text}`];

testCheck(nodeportOverlap, [
  {
    name: 'incident I1',
    facts: node({}),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'allocated',
      data: { mode: 'ipvs', ports: [{ port: 31055, protocol: 'TCP', service: 'shop/web' }] },
      message: /31055 \(shop\/web\)/,
      now: sysctl('net.ipv4.ip_local_reserved_ports=30000-32767'),
    },
  },
  {
    name: 'only the ports that are not reserved offend',
    facts: node({ reserved: [[30000, 31055]], ports: [web, { ...web, port: 31056, service: 'shop/api' }] }),
    expect: {
      status: 'fail',
      severity: 'error',
      data: hits(31056),
      now: sysctl('net.ipv4.ip_local_reserved_ports=30000-32767'),
    },
  },
  {
    name: 'the port is the last of the range',
    facts: node({ ephemeral: [12000, 31055], range: [31055, 32767] }),
    expect: { status: 'fail', severity: 'error', data: hits(31055) },
  },
  {
    name: 'the port is the first of the range',
    facts: node({ ephemeral: [31055, 60999] }),
    expect: { status: 'fail', severity: 'error', data: hits(31055) },
  },
  {
    name: 'ranges that only touch, below',
    facts: node({ ephemeral: [32768, 60999] }),
    expect: { status: 'pass', message: /32768-60999/ },
  },
  { name: 'ranges that only touch, above', facts: node({ ephemeral: [12000, 29999] }), expect: { status: 'pass' } },
  {
    name: 'one port of overlap, nothing allocated there, range known',
    facts: node({ ephemeral: [32767, 60999], range: [30000, 32767] }),
    expect: { status: 'fail', severity: 'warning', messageId: 'range', data: { overlap: [[32767, 32767]], ports: [] } },
  },
  {
    name: 'the same where the range is assumed',
    facts: node({ ephemeral: [32767, 60999] }),
    expect: { status: 'fail', severity: 'info', messageId: 'range' },
  },
  {
    name: 'everything reserved',
    facts: node({ reserved: [[30000, 32767]] }),
    expect: { status: 'pass', message: /without the reserved 30000-32767/ },
  },
  {
    name: 'what is reserved already stays',
    facts: node({
      reserved: [
        [9090, 9090],
        [32768, 32770],
      ],
    }),
    expect: { status: 'fail', severity: 'error', now: sysctl('net.ipv4.ip_local_reserved_ports=9090,30000-32770') },
  },
  {
    name: 'another NodePort range, by flag',
    facts: node({ range: [20000, 22767], ports: [{ ...web, port: 20100 }] }),
    expect: {
      status: 'fail',
      severity: 'error',
      data: hits(20100),
      now: sysctl('net.ipv4.ip_local_reserved_ports=20000-22767'),
    },
  },
  {
    name: 'another NodePort range, inferred',
    facts: node({
      ports: [
        { ...web, port: 20100 },
        { ...web, port: 20900 },
      ],
    }),
    expect: {
      status: 'fail',
      severity: 'error',
      data: { nodePortRange: { from: 20100, to: 20900, known: false }, ...hits(20100, 20900) },
      now: sysctl('net.ipv4.ip_local_reserved_ports=20100-20900'),
    },
  },
  {
    name: 'ports allocated outside of the configured range are reserved too',
    facts: node({ range: [30000, 30010], ports: [web] }),
    expect: { status: 'fail', severity: 'error', now: sysctl('net.ipv4.ip_local_reserved_ports=30000-30010,31055') },
  },
  {
    name: 'a range that would leave too few ports is moved',
    facts: node({ ephemeral: [31000, 31100] }),
    expect: {
      status: 'fail',
      severity: 'error',
      now: sysctl('net.ipv4.ip_local_port_range="32768 60999" net.ipv4.ip_local_reserved_ports=30000-32767'),
    },
  },
  {
    name: 'no Service has a NodePort, range known',
    facts: node({ ports: [], range: [30000, 32767] }),
    expect: { status: 'fail', severity: 'warning', data: { ports: [] } },
  },
  {
    name: 'iptables: replies are not taken',
    facts: node({ proxy: mode('iptables') }),
    expect: { status: 'fail', severity: 'info', data: hits(31055) },
  },
  { name: 'nftables: neither', facts: node({ proxy: mode('nftables') }), expect: { status: 'fail', severity: 'info' } },
  {
    name: 'iptables with a healthCheckNodePort, a real listener',
    facts: node({ proxy: mode('iptables'), ports: [health] }),
    expect: { status: 'fail', severity: 'warning', data: { ports: [{ port: 32000, kind: 'healthCheckNodePort' }] } },
  },
  {
    name: 'iptables where the API was not asked: only the range is known',
    facts: node({ proxy: mode('iptables'), ports: 'not-chosen' }),
    expect: { status: 'fail', severity: 'info', messageId: 'range' },
  },
  {
    name: 'Cilium takes replies',
    facts: node({ proxy: mode('none', 'Cilium') }),
    expect: { status: 'fail', severity: 'error' },
  },
  {
    name: 'no kube-proxy, with NodePorts',
    facts: node({ proxy: mode('none') }),
    expect: { status: 'fail', severity: 'info' },
  },
  {
    name: 'a machine without Services',
    facts: node({ proxy: mode('none'), ports: 'not-chosen' }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'ipvs, and Services may not be listed',
    facts: node({ ports: 'forbidden' }),
    expect: { status: 'unknown', message: /services\/node-ports/ },
  },
  {
    name: 'iptables, ranges apart, and Services may not be listed: not called good',
    facts: node({ ephemeral: [32768, 60999], proxy: mode('iptables'), ports: 'forbidden' }),
    expect: { status: 'unknown' },
  },
  {
    name: 'the same by choice',
    facts: node({ ephemeral: [32768, 60999], proxy: mode('iptables'), ports: 'not-chosen' }),
    expect: { status: 'skipped' },
  },
  {
    name: 'no kube-proxy, and Services may not be listed',
    facts: node({ ephemeral: [32768, 60999], proxy: mode('none'), ports: 'forbidden' }),
    expect: { status: 'unknown' },
  },
  {
    name: 'virtual servers left over from IPVS mode still take replies',
    facts: node({
      proxy: given(proxyMode, { mode: 'iptables', source: 'a test', replacedBy: null, leftoverServers: 2 }),
    }),
    expect: { status: 'fail', severity: 'error', message: /2 virtual servers left over from IPVS mode/ },
  },
  {
    name: 'ipvs with nothing but a healthCheckNodePort there: a listener, no virtual server',
    facts: node({ ports: [health] }),
    expect: { status: 'fail', severity: 'warning', message: /real listener/ },
  },
  {
    name: 'no NodePort at all',
    facts: node({ ephemeral: [32768, 60999], ports: [] }),
    expect: { status: 'pass', message: /no Service has a NodePort/ },
  },
  {
    name: 'a server in the range is reserved along',
    facts: node({ more: [given(listeners, [server]), given(autobound, new Set<string>()), gap(pods)] }),
    expect: { status: 'fail', severity: 'error', now: sysctl('net.ipv4.ip_local_reserved_ports=30000-32767,50051') },
  },
  { name: 'the mode is not known', facts: node({ proxy: gap(proxyMode) }), expect: { status: 'unknown' } },
]);

it('keeps the same list for now and for the next boot, and says what it does not cover', () => {
  const [finding] = run(nodeportOverlap, node({ reserved: [[9090, 9090]] }));
  expect(finding).toMatchObject({
    fix: {
      persist: {
        file: '/etc/sysctl.d/99-z-netdoctor-ports.conf',
        content: expect.stringContaining('net.ipv4.ip_local_reserved_ports = 9090,30000-32767\n'),
      },
      covers: expect.stringMatching(/NAT/),
      say: expect.stringMatching(/all nodes and in the node template/),
    },
  });
});

it('prints the same fix as the finding about servers in the range, so that neither undoes the other', () => {
  const facts = node({ more: [given(listeners, [server]), given(autobound, new Set<string>()), gap(pods)] });
  const [overlap] = run(nodeportOverlap, facts);
  const [listener] = run(listenerInRange, facts);
  expect(overlap).toMatchObject({ status: 'fail' });
  expect(listener).toMatchObject({ status: 'fail', fix: overlap?.status === 'fail' ? overlap.fix : null });
});
