import { listenerInRange } from '../../../src/checks/ports/listener-in-range.ts';
import type { PortRange } from '../../../src/core/report.ts';
import { ephemeralRange } from '../../../src/facts/kernel/ephemeral-range.ts';
import { reservedPorts } from '../../../src/facts/kernel/reserved-ports.ts';
import { proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { nodePortRange } from '../../../src/facts/services/node-port-range.ts';
import { nodePorts } from '../../../src/facts/services/node-ports.ts';
import { autobound } from '../../../src/facts/sockets/autobound.ts';
import { type Listener, listeners } from '../../../src/facts/sockets/listeners.ts';
import { type Pod, pods } from '../../../src/facts/workloads/pods.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';

const owner = { pid: 99, process: 'agent', containerId: null, podUid: null, unit: 'agent.service' };
const socket = (port: number, more: Partial<Listener> = {}): Listener => ({
  protocol: 'TCP',
  ip: '0.0.0.0',
  port,
  owner,
  inArguments: true,
  ...more,
});
const pod: Pod = {
  namespace: 'kube-system',
  name: 'exporter',
  uid: 'u1',
  workload: 'u1',
  hostNetwork: true,
  ips: [],
  ports: [{ port: 50051, hostPort: 0, protocol: 'TCP' }],
  containerIds: ['c1'],
  startedAtMs: null,
  restarts: 0,
  sysctls: {},
  portRange: null,
  reservedPorts: [],
};

const node = (
  sockets: readonly Listener[],
  auto: readonly string[] | null,
  more: { reserved?: readonly PortRange[]; pods?: readonly Pod[]; given?: readonly Given[] } = {},
): Given[] => [
  given(ephemeralRange, [32768, 60999]),
  given(reservedPorts, more.reserved ?? []),
  given(listeners, sockets),
  auto ? given(autobound, new Set(auto)) : gap(autobound, 'tool-missing'),
  more.pods ? given(pods, more.pods) : gap(pods, 'not-chosen'),
];

testCheck(listenerInRange, [
  {
    name: 'a port that nobody declares: some programs choose one at random and bind to it by number',
    facts: node([socket(50051, { inArguments: false })], []),
    expect: { status: 'fail', severity: 'info', data: { ports: [{ port: 50051, declared: false }] } },
  },
  {
    name: 'NodePorts that overlap are reserved along',
    facts: [
      ...node([socket(50051)], []),
      given(proxyMode, { mode: 'ipvs', source: 'a test', replacedBy: null, leftoverServers: 0 }),
      given(nodePorts, [{ port: 40000, protocol: 'TCP', service: 'a/b', kind: 'nodePort' }]),
      given(nodePortRange, { range: [40000, 40100], source: 'a test' }),
    ],
    expect: {
      status: 'fail',
      severity: 'warning',
      now: ['sysctl -w net.ipv4.ip_local_reserved_ports=40000-40100,50051'],
    },
  },
  {
    name: 'a server that asked for its port',
    facts: node([socket(50051)], []),
    expect: {
      status: 'fail',
      severity: 'warning',
      message: /50051\/TCP \(agent \(agent\.service\), pid 99\) listens/,
      data: { ports: [{ port: 50051, process: 'agent', unit: 'agent.service' }] },
      now: ['sysctl -w net.ipv4.ip_local_reserved_ports=50051'],
    },
  },
  {
    name: 'a socket that took its port itself',
    facts: node([socket(41234, { ip: '127.0.0.1' })], ['TCP 127.0.0.1 41234']),
    expect: { status: 'pass' },
  },
  {
    name: 'one of each: only the one that asked',
    facts: node([socket(41234), socket(50051)], ['TCP 0.0.0.0 41234']),
    expect: { status: 'fail', severity: 'warning', data: { ports: [{ port: 50051 }] } },
  },
  {
    name: 'both families are one server',
    facts: node([socket(50051), socket(50051, { ip: '::' })], []),
    expect: { status: 'fail', severity: 'warning', data: { ports: [{ port: 50051 }] }, message: /listens inside/ },
  },
  {
    name: 'the first port of the range',
    facts: node([socket(32768)], []),
    expect: { status: 'fail', severity: 'warning' },
  },
  {
    name: 'the last port of the range',
    facts: node([socket(60999, { protocol: 'UDP' })], []),
    expect: { status: 'fail', severity: 'warning' },
  },
  { name: 'one below and one above', facts: node([socket(32767), socket(61000)], []), expect: { status: 'pass' } },
  { name: 'reserved', facts: node([socket(50051)], [], { reserved: [[50051, 50051]] }), expect: { status: 'pass' } },
  {
    name: 'its pod is named',
    facts: node([socket(50051, { owner: { ...owner, unit: null, containerId: 'c1' } })], [], { pods: [pod] }),
    expect: { status: 'fail', severity: 'warning', message: /agent of pod kube-system\/exporter/ },
  },
  {
    name: 'nobody saw the owner',
    facts: node([socket(50051, { owner: null })], []),
    expect: { status: 'fail', severity: 'warning', message: /a process that could not be seen/ },
  },
  {
    name: 'no ss there: a port that a pod declares was asked for',
    facts: node([socket(50051)], null, { pods: [pod] }),
    expect: { status: 'fail', severity: 'warning' },
  },
  {
    name: 'no ss there: a port that stands in the command line was asked for',
    facts: node([socket(50052, { inArguments: true })], null, { pods: [pod] }),
    expect: { status: 'fail', severity: 'warning' },
  },
  {
    name: 'no ss there: others cannot be told',
    facts: node([socket(50052, { inArguments: false })], null, { pods: [pod] }),
    expect: { status: 'unknown', message: /autobound/ },
  },
  { name: 'no ss there, and no listener', facts: node([], null), expect: { status: 'pass' } },
]);
