import { expect, it } from 'vitest';
import { mismatch } from '../../../src/checks/mtu/mismatch.ts';
import { type Mtus, mtus, type PodLink, type Tunnel } from '../../../src/facts/network/mtus.ts';
import { type Space, spaces } from '../../../src/facts/network/spaces.ts';
import { type Pod, pods } from '../../../src/facts/workloads/pods.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';

const space = (id: string, podUid: string | null, host = false): Space => ({
  id,
  host,
  pid: Number(id),
  process: 'pause',
  podUid,
  containerId: null,
});
const pod = (name: string): Pod => ({
  namespace: 'shop',
  name,
  uid: name,
  workload: name,
  hostNetwork: false,
  ips: [],
  ports: [],
  containerIds: [],
  startedAtMs: 0,
  restarts: 0,
  sysctls: {},
  portRange: null,
  reservedPorts: [],
});
const link = (space: string, mtu: number, more: Partial<PodLink> = {}): PodLink => ({
  space,
  pid: Number(space),
  device: 'eth0',
  mtu,
  routeMtu: null,
  peer: { name: `veth${space}`, mtu },
  bridge: { name: 'cni0', mtu },
  ...more,
});
const eth0 = { name: 'eth0', mtu: 1500 };
const flannel: Tunnel = {
  name: 'flannel.1',
  mtu: 1450,
  encapsulation: 'vxlan',
  route: '10.244.1.0/24 via 10.244.1.0 dev flannel.1',
  underlay: eth0,
};
const calico: Tunnel = {
  name: 'tunl0',
  mtu: 1480,
  encapsulation: 'ipip',
  route: '10.244.1.0/26 via 10.0.0.6 dev tunl0',
  underlay: eth0,
};

const node = (m: Partial<Mtus>, more: readonly Given[] = []): Given[] => [
  ...new Map<string, Given>(
    [
      given(spaces, [space('1', null, true), space('11', 'web'), space('12', 'api'), space('99', null)]),
      given(mtus, { uplinks: [eth0], tunnels: [], pods: [], unreadable: [], cilium: false, ...m }),
      given(pods, [pod('web'), pod('api')]),
      ...more,
    ].map((g) => [g[0], g]),
  ).values(),
];

testCheck(mismatch, [
  {
    name: 'a pod larger than the tunnel',
    facts: node({ tunnels: [flannel], pods: [link('11', 1451), link('12', 1450)] }),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'pods-too-large',
      message:
        /^MTU 1451 in pod shop\/web is too large: flannel\.1 \(vxlan\), which carries them to other nodes, has 1450\./,
      data: { limit: 1450, tunnel: 'flannel.1', pods: [{ pod: 'pod shop/web', device: 'eth0', mtu: 1451 }] },
      now: ['nsenter -t 11 -n ip link set dev eth0 mtu 1450', 'ip link set dev veth11 mtu 1450'],
    },
  },
  {
    name: 'pods as large as the tunnel, and one smaller',
    facts: node({ tunnels: [flannel], pods: [link('11', 1450), link('12', 1400)] }),
    expect: { status: 'pass', message: /MTU of 2 pods: 1400, 1450; of what leads out: flannel\.1 1450, eth0 1500/ },
  },
  {
    name: 'Calico with ipip, without the API',
    facts: node({ tunnels: [calico], pods: [link('11', 1500, { bridge: null })] }, [gap(pods, 'not-chosen')]),
    expect: {
      status: 'fail',
      severity: 'error',
      message: /in the pod with uid web is too large: tunl0 \(ipip\)/,
      data: { limit: 1480 },
    },
  },
  {
    name: 'two tunnels, of which one is left over: the roomiest counts',
    facts: node({ tunnels: [flannel, calico], pods: [link('11', 1480)] }),
    expect: { status: 'pass' },
  },
  {
    name: 'a tunnel that leaves less than it says',
    facts: node({ tunnels: [{ ...flannel, mtu: 1500 }], pods: [link('11', 1500)] }),
    expect: {
      status: 'fail',
      severity: 'error',
      message: /flannel\.1 \(vxlan, 50 bytes around each packet\) leaves 1450 of the 1500 of eth0/,
      data: { limit: 1450 },
    },
  },
  {
    name: 'such a tunnel, and pods that fit: what the node itself sends is too large',
    facts: node({ tunnels: [{ ...flannel, mtu: 1451 }], pods: [link('11', 1450)] }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'tunnel-too-large',
      data: { limit: 1450 },
      now: ['ip link set dev flannel.1 mtu 1450'],
    },
  },
  {
    name: 'nobody knows what is below the tunnel',
    facts: node({ tunnels: [{ ...flannel, mtu: 1500, underlay: null }], pods: [link('11', 1500)] }),
    expect: { status: 'pass' },
  },
  {
    name: "somebody's VPN, and Open vSwitch's",
    facts: node({
      tunnels: [
        { ...flannel, name: 'wg0', mtu: 1420, encapsulation: 'wireguard' },
        { ...flannel, name: 'genev_sys_6081', mtu: 65000, encapsulation: 'geneve' },
      ],
      pods: [link('11', 1500)],
    }),
    expect: { status: 'pass' },
  },
  {
    name: 'jumbo frames on the uplink, small ones in pods',
    facts: node({
      uplinks: [{ name: 'eth0', mtu: 9001 }],
      tunnels: [{ ...flannel, underlay: { name: 'eth0', mtu: 9001 } }],
      pods: [link('11', 1450)],
    }),
    expect: { status: 'pass' },
  },
  {
    name: 'no tunnel, and an uplink smaller than the pods',
    facts: node({ uplinks: [{ name: 'ens4', mtu: 1460 }], pods: [link('11', 1500), link('12', 1500)] }),
    expect: {
      status: 'fail',
      severity: 'error',
      message: /in pod shop\/web, pod shop\/api is too large: ens4, the device of the default route, has 1460/,
      data: { limit: 1460, tunnel: null },
    },
  },
  { name: 'no tunnel, and all alike', facts: node({ pods: [link('11', 1500)] }), expect: { status: 'pass' } },
  {
    name: 'Cilium: device MTU, its routes are smaller',
    facts: node({
      uplinks: [{ name: 'eth0', mtu: 1450 }],
      tunnels: [flannel],
      cilium: true,
      pods: [link('11', 1500, { bridge: null })],
    }),
    expect: { status: 'pass', message: /Cilium/ },
  },
  {
    name: "the node's end is smaller, and its bridge with it, though the other pod is as it should be",
    facts: node({
      pods: [
        link('11', 1500, { peer: { name: 'veth11', mtu: 1400 }, bridge: { name: 'cni0', mtu: 1400 } }),
        link('12', 1500, { bridge: { name: 'cni0', mtu: 1400 } }),
      ],
    }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'veth-ends',
      message:
        /^eth0 of pod shop\/web has MTU 1500, its other end veth11 1400: packets from the pod that are larger than 1400 are dropped.*cni0 follows its smallest port: 1400/,
      now: ['ip link set dev veth11 mtu 1500'],
    },
  },
  {
    name: "the pod's end is smaller",
    facts: node({ cilium: true, pods: [link('11', 1400, { peer: { name: 'veth11', mtu: 1500 }, bridge: null })] }),
    expect: {
      status: 'fail',
      severity: 'warning',
      message: /packets to the pod that are larger than 1400/,
      now: ['nsenter -t 11 -n ip link set dev eth0 mtu 1500'],
    },
  },
  {
    name: 'a bridge that somebody made small',
    facts: node({ pods: [link('11', 1500, { bridge: { name: 'cni0', mtu: 1450 } })] }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'bridge-too-small',
      message: /^cni0 has MTU 1450, but 1 of its pods have more \(pod shop\/web: 1500\)/,
      now: ['ip link set dev cni0 mtu 1500'],
    },
  },
  {
    name: 'pods of before the CNI was told another MTU',
    facts: node({ pods: [link('11', 1500, { bridge: { name: 'cni0', mtu: 1450 } }), link('12', 1450)] }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'bridge-too-small',
      message: /follows its smallest port: 1 of its pods have 1450/,
    },
  },
  {
    name: 'namespaces that are no pods, and names that are none',
    facts: node({
      pods: [
        link('99', 9000),
        link('11', 9000, { device: 'e;reboot' }),
        link('12', 9000, { bridge: { name: '$(x)', mtu: 1 } }),
      ],
    }),
    expect: { status: 'pass', message: /MTU of 0 pods: none by veth/ },
  },
  {
    name: 'no way out is seen',
    facts: node({ uplinks: [], pods: [link('11', 1500)] }),
    expect: { status: 'pass', message: /no uplink seen/ },
  },
  {
    name: 'a pod could not be read',
    facts: node({ unreadable: ['12'], pods: [link('11', 1500)] }),
    expect: { status: 'unknown', message: /1 of 2 pods/ },
  },
  {
    name: 'what could not be read is no pod',
    facts: node({ unreadable: ['99'], pods: [link('11', 1500)] }),
    expect: { status: 'pass' },
  },
  {
    name: 'no pods',
    facts: [given(spaces, [space('1', null, true), space('99', null)])],
    expect: { status: 'not-applicable' },
  },
  { name: 'not allowed to look', facts: node({}, [gap(mtus, 'forbidden')]), expect: { status: 'unknown' } },
  {
    name: 'rights that the user did not give',
    facts: node({}, [gap(mtus, 'not-chosen')]),
    expect: { status: 'skipped' },
  },
  { name: 'no namespaces', facts: node({}, [gap(spaces)]), expect: { status: 'unknown' } },
]);

it('names some of many pods, and prints commands for twenty', () => {
  const many = Array.from({ length: 30 }, (_, i) => `${100 + i}`);
  const [found] = run(
    mismatch,
    node({ tunnels: [{ ...flannel, name: 'vxlan.calico' }], pods: many.map((id) => link(id, 1500)) }, [
      given(spaces, [space('1', null, true), ...many.map((id) => space(id, id))]),
    ]),
  );
  expect(found?.message).toMatch(/the pod with uid 104 and 25 more is too large/);
  expect(found?.status === 'fail' && found.fix?.now).toHaveLength(40);
  expect(found?.status === 'fail' && found.fix?.say).toMatch(/Calico: mtu: 1450/);
});
