import { expect, it } from 'vitest';
import { nodeportVictims } from '../../../src/checks/ports/nodeport-victims.ts';
import { flowMemory } from '../../../src/facts/ipvs/flow-memory.ts';
import { type IpvsConnection, type LocalTuple, type Suspects, suspects } from '../../../src/facts/ipvs/suspects.ts';
import { ephemeralRange } from '../../../src/facts/kernel/ephemeral-range.ts';
import { reservedPorts } from '../../../src/facts/kernel/reserved-ports.ts';
import { proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { backends } from '../../../src/facts/services/backends.ts';
import { nodePortRange } from '../../../src/facts/services/node-port-range.ts';
import { nodePorts } from '../../../src/facts/services/node-ports.ts';
import { autobound } from '../../../src/facts/sockets/autobound.ts';
import { listeners } from '../../../src/facts/sockets/listeners.ts';
import { window } from '../../../src/facts/sockets/window.ts';
import { type Pod, pods } from '../../../src/facts/workloads/pods.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';

const kubelet = { pid: 812, process: 'kubelet', containerId: null, podUid: null, unit: 'kubelet.service' };
const victim: LocalTuple = {
  protocol: 'TCP',
  source: { ip: '10.244.21.1', port: 31055 },
  destination: { ip: '10.244.21.4', port: 8080 },
  state: 'SYN_SENT',
  seenIn: 'socket',
  owner: kubelet,
  ageSeconds: null,
};
const flow: LocalTuple = { ...victim, state: 'SYN_RECV', seenIn: 'conntrack', owner: null, ageSeconds: 12 };
const mirror: IpvsConnection = {
  protocol: 'TCP',
  client: victim.destination,
  virtual: victim.source,
  backend: { ip: '10.244.1.9', port: 80 },
  state: 'SYN_RECV',
};
const server = { protocol: 'TCP', end: victim.source };
const pod = (name: string, ip: string, uid = name): Pod => ({
  namespace: 'shop',
  name,
  uid,
  workload: uid,
  hostNetwork: false,
  ips: [ip],
  ports: [],
  containerIds: [],
  startedAtMs: 0,
  restarts: 0,
  sysctls: {},
  portRange: null,
  reservedPorts: [],
});

const node = (s: Partial<Suspects>, more: readonly Given[] = []): Given[] => [
  ...new Map<string, Given>(
    [
      given(proxyMode, { mode: 'ipvs', source: 'a test', replacedBy: null, leftoverServers: 0 }),
      given(suspects, { tuples: [], connections: [], servers: [server], ...s }),
      given(flowMemory, { source: '/proc/net/nf_conntrack' }),
      given(window, { samples: 10, seconds: 2 }),
      given(ephemeralRange, [12000, 65001]),
      given(reservedPorts, []),
      given(nodePorts, [{ port: 31055, protocol: 'TCP', service: 'shop/web', kind: 'nodePort' }]),
      gap(nodePortRange, 'absent'),
      given(backends, [{ ip: '10.244.1.9', service: 'shop/web', pod: 'shop/web-5' }]),
      given(pods, [pod('cart-7', '10.244.21.4')]),
      ...more,
    ].map((g) => [g[0], g]),
  ).values(),
];

testCheck(nodeportVictims, [
  {
    name: 'kubelet, caught while its socket lived',
    facts: node({ tuples: [victim], connections: [mirror] }),
    expect: {
      status: 'fail',
      severity: 'critical',
      message:
        /kubelet → 10\.244\.21\.4:8080 \(shop\/cart-7\) from source port 31055, the NodePort of Service shop\/web: the reply went to 10\.244\.1\.9:80 \(shop\/web-5\)/,
      data: {
        victims: [{ port: 31055, service: 'shop/web', process: 'kubelet', pid: 812, pod: null, protocol: 'TCP' }],
      },
      now: ['sysctl -w net.ipv4.ip_local_reserved_ports=30000-32767'],
    },
  },
  {
    name: 'the socket is gone, conntrack and IPVS entries are enough',
    facts: node({ tuples: [flow], connections: [mirror] }),
    expect: {
      status: 'fail',
      severity: 'critical',
      message: /a process that is gone by now → .* 12 s ago/,
      data: { victims: [{ process: null, ageSeconds: 12 }] },
    },
  },
  {
    name: 'mended a moment ago: still told, with when it goes',
    facts: node({ tuples: [flow], connections: [mirror] }, [given(reservedPorts, [[30000, 32767]])]),
    expect: { status: 'fail', severity: 'critical', message: /not in the ephemeral range now.*three minutes/ },
  },
  {
    name: 'IPv6',
    facts: node({
      tuples: [{ ...victim, source: { ip: 'fd00::1', port: 31055 }, destination: { ip: 'fd00::4', port: 8080 } }],
      connections: [{ ...mirror, client: { ip: 'fd00::4', port: 8080 }, virtual: { ip: 'fd00::1', port: 31055 } }],
      servers: [{ protocol: 'TCP', end: { ip: 'fd00::1', port: 31055 } }],
    }),
    expect: { status: 'fail', severity: 'critical' },
  },
  {
    name: 'without the API it has no names, but stands',
    facts: node({ tuples: [victim], connections: [mirror] }, [gap(nodePorts), gap(backends), gap(pods)]),
    expect: {
      status: 'fail',
      severity: 'critical',
      message: /NodePort of a Service: the reply went to 10\.244\.1\.9:80\.$/,
      data: { victims: [{ service: null }] },
    },
  },
  {
    name: 'a client of a NodePort whose backend is dead: its connection has no mirror',
    facts: node({
      tuples: [
        { ...victim, source: { ip: '10.244.21.1', port: 40000 }, destination: { ip: '10.244.21.1', port: 31055 } },
      ],
      connections: [{ ...mirror, client: { ip: '10.244.21.1', port: 40000 } }],
    }),
    expect: { status: 'pass' },
  },
  {
    name: 'an unanswered connect from such a port, its reply not taken',
    facts: node({ tuples: [victim] }),
    expect: { status: 'pass' },
  },
  {
    name: 'the mirror is of another connection',
    facts: node({ tuples: [victim], connections: [{ ...mirror, client: { ip: '10.244.21.4', port: 8081 } }] }),
    expect: { status: 'pass' },
  },
  {
    name: 'the Service is gone: no virtual server',
    facts: node({ tuples: [flow], connections: [mirror], servers: [] }),
    expect: { status: 'pass' },
  },
  {
    name: 'the same ports over UDP',
    facts: node({ tuples: [{ ...victim, protocol: 'UDP' }], connections: [mirror] }),
    expect: { status: 'pass' },
  },
  {
    name: 'nothing seen',
    facts: node({}),
    expect: { status: 'pass', message: /10 looks at the sockets within 2\.0 s/ },
  },
  {
    name: 'nothing seen in one look, as the user wanted',
    facts: node({}, [gap(window, 'not-chosen')]),
    expect: { status: 'skipped' },
  },
  {
    name: 'seen in one look all the same',
    facts: node({ tuples: [victim], connections: [mirror] }, [gap(window, 'not-chosen')]),
    expect: { status: 'fail', severity: 'critical' },
  },
  {
    name: 'conntrack cannot be read: those that are gone are not seen',
    facts: node({}, [gap(flowMemory, 'absent')]),
    expect: { status: 'unknown' },
  },
  {
    name: 'left over from IPVS mode, and seen; with a server in the range to reserve along',
    facts: node({ tuples: [victim], connections: [mirror] }, [
      given(proxyMode, { mode: 'iptables', source: 'a test', replacedBy: null, leftoverServers: 1 }),
      given(listeners, [{ protocol: 'TCP', ip: '0.0.0.0', port: 50051, owner: null, inArguments: false }]),
      given(autobound, new Set<string>()),
    ]),
    expect: {
      status: 'fail',
      severity: 'critical',
      now: ['sysctl -w net.ipv4.ip_local_reserved_ports=30000-32767,50051'],
    },
  },
  {
    name: 'not IPVS',
    facts: node({}, [given(proxyMode, { mode: 'iptables', source: 'a test', replacedBy: null, leftoverServers: 0 })]),
    expect: { status: 'not-applicable', message: /iptables/ },
  },
]);

it('names the pod of the process', () => {
  const owner = { ...kubelet, process: 'curl', unit: null, podUid: 'uid-1' };
  const [finding] = run(
    nodeportVictims,
    node({ tuples: [{ ...victim, owner }], connections: [mirror] }, [given(pods, [pod('agent', '10.0.0.1', 'uid-1')])]),
  );
  expect(finding?.message).toMatch(/^curl of pod shop\/agent → /);
});

it('counts several as one thing to fix', () => {
  const other = { ...victim, destination: { ip: '10.244.21.5', port: 8080 } };
  const findings = run(
    nodeportVictims,
    node({ tuples: [victim, other], connections: [mirror, { ...mirror, client: other.destination }] }),
  );
  expect(findings).toHaveLength(1);
  expect(findings[0]?.message).toMatch(/1 more like it/);
});
