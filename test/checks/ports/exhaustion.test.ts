import { exhaustion } from '../../../src/checks/ports/exhaustion.ts';
import { proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { counterChanges } from '../../../src/facts/network/counter-changes.ts';
import { type SnatGroup, snatUse } from '../../../src/facts/network/snat-use.ts';
import { type Space, spaces } from '../../../src/facts/network/spaces.ts';
import { nodePortRange } from '../../../src/facts/services/node-port-range.ts';
import { nodePorts } from '../../../src/facts/services/node-ports.ts';
import { autobound } from '../../../src/facts/sockets/autobound.ts';
import { listeners } from '../../../src/facts/sockets/listeners.ts';
import { type DestinationUse, type PortSysctls, type PortUse, portUse } from '../../../src/facts/sockets/port-use.ts';
import { type Pod, pods } from '../../../src/facts/workloads/pods.ts';
import { type Case, type Given, gap, given, testCheck } from '../../support/check-tester.ts';

const host: Space = { id: '1', host: true, pid: 1, process: 'systemd', podUid: null, containerId: null };
const inPod: Space = { id: '2', host: false, pid: 20, process: 'pause', podUid: 'u2', containerId: null };
const owner = { pid: 99, process: 'client', containerId: null, podUid: 'u9', unit: null };
const sysctls = (space: string, more: Partial<PortSysctls> = {}): PortSysctls => ({
  space,
  range: [32768, 60999],
  reserved: [],
  timeWaitReuse: 2,
  timestamps: true,
  ...more,
});
const narrow = (more: Partial<PortSysctls> = {}) => sysctls('1', { range: [50000, 50099], ...more });
const to = (space: string, ports: number, more: Partial<DestinationUse> = {}): DestinationUse => ({
  space,
  source: '10.0.0.5',
  destination: { ip: '10.0.0.9', port: 5432 },
  ports,
  timeWait: 0,
  owner,
  ...more,
});
const pod = (more: Partial<Pod> = {}): Pod => ({
  namespace: 'shop',
  name: 'web-0',
  uid: 'u2',
  workload: 'u2',
  hostNetwork: false,
  ips: [],
  ports: [],
  containerIds: [],
  startedAtMs: null,
  restarts: 0,
  sysctls: {},
  portRange: null,
  reservedPorts: [],
  ...more,
});
const group = (entries: number, more: Partial<SnatGroup> = {}): SnatGroup => ({
  protocol: 'tcp',
  source: '10.0.0.5',
  destination: { ip: '10.0.0.9', port: 5432 },
  meant: { ip: '10.0.0.9', port: 5432 },
  entries,
  timeWait: 0,
  moved: 0,
  lowest: 1024,
  highest: 65535,
  ...more,
});
const failed = (n: number): Given =>
  given(counterChanges, {
    seconds: 2,
    names: new Set(['conntrack.insert_failed']),
    spaces: [{ space: '1', values: { 'conntrack.insert_failed': n } }],
  });

const node = (use: Partial<PortUse>, groups: readonly SnatGroup[] = [], ...more: readonly Given[]): Given[] => [
  given(portUse, {
    destinations: [],
    sources: [],
    datagrams: [],
    sysctls: [sysctls('1')],
    leftOut: 15,
    outside: [],
    servers: [],
    ...use,
  }),
  given(spaces, [host, inPod]),
  given(snatUse, { groups, leftOut: 15, table: '/proc/net/nf_conntrack' }),
  ...more,
];
const hostOf = (ports: number, more: Partial<DestinationUse> = {}, s: Partial<PortSysctls> = {}) => ({
  destinations: [to('1', ports, more)],
  sysctls: [narrow(s)] as const,
});
const bound = (space: string, ports: number, sockets: number) => ({
  sources: [{ space, source: '10.0.0.5', ports, sockets, timeWait: 0, owner }],
});
const error = (more: Partial<Case['expect']> = {}) => ({ status: 'fail', severity: 'error', ...more }) as const;
const warning = (more: Partial<Case['expect']> = {}) => ({ status: 'fail', severity: 'warning', ...more }) as const;
const passes = { status: 'pass' } as const;

testCheck(exhaustion, [
  {
    name: 'the host, at the edge of an error',
    facts: node(hostOf(90), [], given(proxyMode, { mode: 'ipvs', source: '', replacedBy: null, leftoverServers: 0 })),
    expect: error({
      messageId: 'destination',
      message:
        /^The node: 90 of 100 source ports from 10\.0\.0\.5 to 10\.0\.0\.9:5432 are taken; client, pid 99, holds most\. When the last/,
      data: { taken: 90, available: 100, pod: null, process: 'client' },
      now: [
        'sysctl -w net.ipv4.ip_local_port_range="10240 65535" net.ipv4.ip_local_reserved_ports=10248-10259,30000-32767',
      ],
    }),
  },
  { name: 'below it', facts: node(hostOf(89)), expect: warning({ message: /tries first is used up/ }) },
  { name: 'at the edge of a warning', facts: node(hostOf(60)), expect: warning() },
  { name: 'below it', facts: node(hostOf(59)), expect: passes },
  {
    name: 'all are taken',
    facts: node(hostOf(100)),
    expect: error({ message: /Now connect\(\) to it fails with EADDRNOTAVAIL/ }),
  },
  {
    name: 'reserved ports are none to be had',
    facts: node(hostOf(45, {}, { reserved: [[50050, 50099]] })),
    expect: error({
      message: /45 of 50 .* without the reserved 50050-50099 \(as set there\)/,
      now: [
        'sysctl -w net.ipv4.ip_local_port_range="10240 65535" net.ipv4.ip_local_reserved_ports=10248-10259,30000-32767,50050-50099',
      ],
    }),
  },
  {
    name: 'a fix takes no NodePort, no port of a server, and heeds the range that is configured',
    facts: node(
      { ...hostOf(90), servers: [9100, 15000] },
      [],
      given(nodePorts, [{ port: 40001, protocol: 'TCP', service: 'a/b', kind: 'nodePort' }]),
      given(nodePortRange, { range: [40000, 40100], source: 'a test' }),
      given(listeners, [{ protocol: 'TCP', ip: '::', port: 50051, owner: null, inArguments: true }]),
      given(autobound, new Set<string>()),
    ),
    expect: error({
      now: [
        'sysctl -w net.ipv4.ip_local_port_range="10240 65535" net.ipv4.ip_local_reserved_ports=10248-10259,15000,40000-40100,50051',
      ],
    }),
  },
  {
    name: 'a machine without Services has no NodePorts',
    facts: node(hostOf(90), [], given(proxyMode, { mode: 'none', source: '', replacedBy: null, leftoverServers: 0 })),
    expect: error({
      now: ['sysctl -w net.ipv4.ip_local_port_range="10240 65535" net.ipv4.ip_local_reserved_ports=10248-10259'],
    }),
  },
  {
    name: 'too many servers to reserve: no command',
    facts: node({ ...hostOf(90), servers: null }),
    expect: error({ message: /90 of 100/ }),
  },
  {
    name: 'a wide range is not widened',
    facts: node({ destinations: [to('1', 60000)], sysctls: [sysctls('1', { range: [1024, 65535] })] }),
    expect: error({ data: { available: 64512 } }),
  },
  {
    name: 'TIME_WAIT counts',
    facts: node(hostOf(90, { timeWait: 80, owner: null })),
    expect: error({
      message: /are taken, 80 of them in TIME_WAIT\. /,
      now: [
        'sysctl -w net.ipv4.ip_local_port_range="10240 65535" net.ipv4.ip_local_reserved_ports=10248-10259,30000-32767 net.ipv4.tcp_tw_reuse=1',
      ],
    }),
  },
  {
    name: 'TIME_WAIT that connect() takes over',
    facts: node(hostOf(90, { timeWait: 80 }, { timeWaitReuse: 1 })),
    expect: passes,
  },
  {
    name: 'the rest of them is still too many',
    facts: node(hostOf(95, { timeWait: 10 }, { timeWaitReuse: 1 })),
    expect: warning({ data: { taken: 85, timeWait: 0 } }),
  },
  {
    name: 'without timestamps it takes none over',
    facts: node(hostOf(90, { timeWait: 80 }, { timeWaitReuse: 1, timestamps: false })),
    expect: error(),
  },
  {
    name: 'on loopback TIME_WAIT is taken over by default',
    facts: node(hostOf(90, { timeWait: 80, source: '127.0.0.1', destination: { ip: '127.0.0.1', port: 80 } })),
    expect: passes,
  },
  {
    name: 'and not where that is off',
    facts: node(hostOf(90, { timeWait: 80, source: '::1' }, { timeWaitReuse: 0 })),
    expect: error(),
  },
  {
    name: 'several destinations: one problem, the fullest',
    facts: node({
      destinations: [to('1', 70), to('1', 95, { destination: { ip: 'fd00::9', port: 53 } }), to('1', 10)],
      sysctls: [narrow()],
    }),
    expect: error({ message: /to \[fd00::9\]:53 .* 1 more there like it\.$/, data: { others: 1 } }),
  },
  {
    name: 'a hostNetwork pod holds them',
    facts: node(hostOf(95), [], given(pods, [pod({ uid: 'u9', name: 'agent' })])),
    expect: error({ message: /client of pod shop\/agent, pid 99/ }),
  },
  {
    name: 'a pod with a range of its spec',
    facts: node(
      { destinations: [to('2', 95)] },
      [],
      given(pods, [
        pod({
          portRange: [40000, 40099],
          ports: [
            { port: 8080, hostPort: 0, protocol: 'TCP' },
            { port: 12000, hostPort: 0, protocol: 'TCP' },
          ],
        }),
      ]),
    ),
    expect: error({
      message: /^Pod shop\/web-0: 95 of 100 .* Range 40000-40099 \(as the pod's spec sets it\)/,
      data: { pod: 'shop/web-0', rangeKnownBy: 'spec' },
      now: [
        'nsenter -t 20 -n sysctl -w net.ipv4.ip_local_port_range="10240 65535" net.ipv4.ip_local_reserved_ports=12000',
      ],
    }),
  },
  {
    name: 'what was read in the namespace counts more than the spec',
    facts: node(
      { destinations: [to('2', 95)], sysctls: [sysctls('1'), sysctls('2')] },
      [],
      given(pods, [pod({ portRange: [40000, 40099] })]),
    ),
    expect: passes,
  },
  {
    name: "another namespace: the kernel's default is assumed, and said",
    facts: node({ destinations: [to('2', 26000)] }, [], gap(pods, 'not-chosen')),
    expect: error({
      message: /uid u2: 26000 of 28232 .*assumed, the kernel's default/,
      data: { rangeKnownBy: 'default' },
    }),
  },
  {
    name: 'it is assumed for a pass too',
    facts: node({ destinations: [to('2', 100)] }, [], given(pods, [])),
    expect: { status: 'pass', message: /in 1 the kernel's default range is assumed/ },
  },
  {
    name: 'what the specs of the pods set is not known',
    facts: node({ destinations: [to('2', 100)] }, [], gap(pods, 'forbidden')),
    expect: { status: 'unknown', message: /may set smaller ranges, and were not read: workloads\/pods is missing/ },
  },
  {
    name: 'many ports outside of the default: the range is another, so no alarm',
    facts: node({ destinations: [to('2', 28000)], outside: ['2'] }),
    expect: passes,
  },
  {
    name: 'until it is too much for any range',
    facts: node({ destinations: [to('2', 50000)], outside: ['2'] }),
    expect: warning({ message: /assumed at most/ }),
  },
  {
    name: "a pod's own tcp_tw_reuse",
    facts: node(
      { destinations: [to('2', 26000, { timeWait: 26000 })] },
      [],
      given(pods, [pod({ sysctls: { 'net.ipv4.tcp_tw_reuse': '1' } })]),
    ),
    expect: passes,
  },
  {
    name: 'sockets that bind before they connect',
    facts: node({ destinations: [to('1', 24), to('1', 24)], sysctls: [narrow()], ...bound('1', 92, 92) }),
    expect: error({
      messageId: 'source',
      message: /92 of 100 source ports of 10\.0\.0\.5, each by one socket alone .* bind\(\) fails with EADDRINUSE/,
    }),
  },
  {
    name: 'fewer of them',
    facts: node({ sysctls: [narrow()], ...bound('1', 60, 60) }),
    expect: warning({ messageId: 'source' }),
  },
  {
    name: 'ports that destinations share were not bound before',
    facts: node({ destinations: [to('1', 55)], sysctls: [narrow()], ...bound('1', 92, 180) }),
    expect: passes,
  },
  {
    name: 'one destination with TIME_WAIT that is taken over says nothing of bind()',
    facts: node({
      destinations: [to('1', 95, { timeWait: 95 })],
      sysctls: [narrow({ timeWaitReuse: 1 })],
      ...bound('1', 95, 99),
    }),
    expect: passes,
  },
  {
    name: 'a full destination is not told a second time',
    facts: node({ destinations: [to('1', 60)], sysctls: [narrow()], ...bound('1', 92, 92) }),
    expect: warning({ messageId: 'destination' }),
  },
  {
    name: 'UDP sockets have a port each',
    facts: node({ datagrams: [{ space: '1', ports: 90 }], sysctls: [narrow()] }),
    expect: error({ messageId: 'udp', message: /90 of 100 local ports of UDP sockets are taken\. .* EAGAIN/ }),
  },
  {
    name: 'fewer of them',
    facts: node({ datagrams: [{ space: '9', ports: 17000 }] }),
    expect: warning({ messageId: 'udp', message: /^A network namespace that is gone by now: / }),
  },
  {
    name: 'a range so narrow that the collector may have left something out',
    facts: node({ sysctls: [sysctls('1', { range: [50000, 50024] })] }),
    expect: { status: 'unknown', message: /at most 15 ports is not told, and the node has hardly more/ },
  },
  { name: 'just wide enough', facts: node({ sysctls: [sysctls('1', { range: [50000, 50025] })] }), expect: passes },
  {
    name: 'source NAT at the edge of an error',
    facts: node({}, [group(58061, { timeWait: 50000 })], failed(7)),
    expect: error({
      messageId: 'snat',
      message:
        /^Source NAT to 10\.0\.0\.5 has taken 58061 of about 64512 ports for TCP to 10\.0\.0\.9:5432, 50000 of them of closed connections\. conntrack could not insert 7 entries within 2\.0 s/,
      data: { insertFailed: 7 },
    }),
  },
  {
    name: 'below it, and the window was 0',
    facts: node({}, [group(58060)], gap(counterChanges, 'not-chosen')),
    expect: warning({ message: /When no port is free/ }),
  },
  { name: 'at the edge of a warning', facts: node({}, [group(38708)], failed(0)), expect: warning() },
  { name: 'below it', facts: node({}, [group(38707)], failed(9)), expect: passes },
  {
    name: 'of a NodePort with externalTrafficPolicy: Cluster',
    facts: node(
      {},
      [group(60000, { meant: { ip: '10.0.0.5', port: 30080 } })],
      given(nodePorts, [{ port: 30080, protocol: 'TCP', service: 'shop/web', kind: 'nodePort' }]),
    ),
    expect: error({
      message: /\(by way of 10\.0\.0\.5:30080, Service shop\/web\)/,
      now: [`kubectl patch service -n shop web --type=merge -p '{"spec":{"externalTrafficPolicy":"Local"}}'`],
    }),
  },
  {
    name: 'of a Service that is not known',
    facts: node({}, [group(60000, { meant: { ip: 'fd00::1', port: 80 } })]),
    expect: error({ message: /\(by way of \[fd00::1\]:80\)/ }),
  },
  {
    name: 'a rule that limits it to some ports',
    facts: node({}, [group(100, { moved: 100, lowest: 61000, highest: 61099 })], failed(3)),
    expect: error({
      messageId: 'snat-range',
      message: /100 of 100 ports 61000-61099, to which a rule seems to limit it,/,
    }),
  },
  {
    name: 'a rule that limits the NAT of a Service',
    facts: node(
      {},
      [group(95, { moved: 60, lowest: 61000, highest: 61099, meant: { ip: '10.0.0.5', port: 80 } })],
      failed(3),
    ),
    expect: error({ messageId: 'snat-range' }),
  },
  {
    name: 'the same ports, and nothing fails',
    facts: node({}, [group(100, { moved: 100, lowest: 61000, highest: 61099 })], failed(0)),
    expect: passes,
  },
  {
    name: 'the same ports, and one sample only',
    facts: node({}, [group(100, { moved: 100, lowest: 61000, highest: 61099 })], gap(counterChanges, 'not-chosen')),
    expect: { status: 'unknown', message: /seems limited/ },
  },
  {
    name: 'the clients chose these ports',
    facts: node({}, [group(100, { moved: 49, lowest: 61000, highest: 61099 })], failed(3)),
    expect: passes,
  },
  {
    name: 'ports that do not lie densely',
    facts: node({}, [group(89, { moved: 89, lowest: 61000, highest: 61099 })], failed(3)),
    expect: passes,
  },
  {
    name: 'the counters do not know the host',
    facts: node(
      {},
      [group(100, { moved: 100, lowest: 61000, highest: 61099 })],
      given(counterChanges, { seconds: 2, names: new Set(['conntrack.insert_failed']), spaces: [] }),
    ),
    expect: { status: 'unknown' },
  },
  {
    name: 'sockets and NAT together',
    facts: node(hostOf(60), [group(60000)]),
    expect: warning({ messageId: 'destination' }),
  },
  {
    name: 'what the sockets tell is told without conntrack',
    facts: [...node(hostOf(90)).filter(([id]) => id !== snatUse.id), gap(snatUse, 'tool-missing')],
    expect: error(),
  },
  {
    name: 'conntrack could not be read',
    facts: [...node(hostOf(10)).filter(([id]) => id !== snatUse.id), gap(snatUse, 'tool-missing')],
    expect: { status: 'unknown', message: /network\/snat-use is missing/ },
  },
  {
    name: 'no conntrack in the kernel, and Cilium',
    facts: [
      ...node({}).filter(([id]) => id !== snatUse.id),
      given(snatUse, { groups: [], leftOut: 0, table: null }),
      given(proxyMode, { mode: 'none', source: '', replacedBy: 'Cilium', leftoverServers: 0 }),
    ],
    expect: { status: 'pass', message: /connections are not tracked here; source NAT by Cilium itself is not seen/ },
  },
  {
    name: 'the sockets could not be read',
    facts: [gap(portUse, 'truncated'), ...node({}).slice(1)],
    expect: { status: 'unknown' },
  },
]);
