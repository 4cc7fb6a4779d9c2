import { expect, it } from 'vitest';
import { mismatch } from '../../../src/checks/mtu/mismatch.ts';
import { type Mtus, mtus, type PodLink, type Tunnel } from '../../../src/facts/network/mtus.ts';
import { type PathMtu, pathMtus } from '../../../src/facts/network/path-mtus.ts';
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

const path = (name: string, more: Partial<PathMtu> = {}): PathMtu => ({
  kind: 'node',
  name,
  node: name,
  address: '10.0.0.6',
  result: 'fits',
  mtu: 1500,
  through: 0,
  told: 0,
  device: 'eth0',
  route: '',
  words: '',
  ...more,
});
const onLink = '10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5';
const lost = (name: string, more: Partial<PathMtu> = {}): PathMtu =>
  path(name, { result: 'lost', through: 1450, route: onLink, words: '1 packets transmitted, 0 received', ...more });
const onPod = (name: string, more: Partial<PathMtu> = {}): PathMtu =>
  lost(`shop/${name}`, {
    kind: 'pod',
    node: 'n2',
    address: '10.244.2.7',
    route: '10.244.2.0/24 via 10.0.0.6 dev eth0',
    ...more,
  });
const by = 'ping -n -M do -c 1 -W 1 -s SIZE ADDRESS';
/** A node all of whose devices are in order, and these ways to others. */
const ways = (...paths: readonly PathMtu[]): Given[] =>
  node({ pods: [link('11', 1500)] }, [given(pathMtus, { paths, by })]);
const adds = [pathMtus];

testCheck(mismatch, [
  {
    name: 'a way that swallows what is large, to a node and to a pod on it',
    facts: ways(lost('n2'), onPod('web'), path('n3')),
    adds,
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'black-hole',
      message:
        /^Packets of 1500 bytes to node n2, pod shop\/web on n2 vanish on the way there or back, though the route by eth0 allows them.* The largest that came through had 1450\. Connections open, and hang as soon as there is much to send\.$/,
      data: {
        device: 'eth0',
        mtu: 1500,
        through: 1450,
        paths: [
          { to: 'node n2', address: '10.0.0.6', mtu: 1500, through: 1450, route: onLink },
          { to: 'pod shop/web on n2', address: '10.244.2.7' },
        ],
      },
      now: [`ip route replace ${onLink} mtu 1450`, 'ip route replace 10.244.2.0/24 via 10.0.0.6 dev eth0 mtu 1450'],
    },
  },
  {
    name: 'of several on one route the smallest counts, and a tunnel is another device',
    facts: ways(
      lost('n2', { through: 1480 }),
      lost('n3'),
      onPod('web', {
        device: 'flannel.1',
        mtu: 1450,
        through: 1400,
        route: '10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink',
      }),
    ),
    adds,
    expect: {
      status: 'fail',
      severity: 'error',
      message: /^Packets of 1500 bytes to node n2, node n3 vanish/,
      data: { device: 'eth0', through: 1450 },
      now: [`ip route replace ${onLink} mtu 1450`],
    },
  },
  {
    name: 'not even 1280 bytes: it may be pings alone',
    facts: ways(lost('n2', { through: 0 })),
    adds,
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'black-hole',
      message: /Not even 1280 bytes came through.*maybe somebody on it lets no large pings pass/,
      data: { through: 0 },
    },
  },
  {
    name: 'a route with words that nobody knows: no command',
    facts: ways(lost('n2', { route: 'default dev eth0;reboot' })),
    adds,
    expect: { status: 'fail', severity: 'error', messageId: 'black-hole' },
  },
  {
    name: 'a black hole on a node without pods',
    facts: [given(spaces, [space('1', null, true)]), given(pathMtus, { paths: [lost('n2')], by })],
    adds,
    expect: { status: 'fail', severity: 'error', messageId: 'black-hole' },
  },
  {
    name: 'as large as the route allows, on all ways',
    facts: ways(path('n2'), path('n3')),
    expect: {
      status: 'pass',
      message: /; of 2 pings with DF to other nodes and their pods 2 came through as large as the route allows$/,
    },
  },
  {
    name: 'somebody on the way says how large packets may be',
    facts: ways(path('n2', { result: 'told', told: 1400 }), path('n3')),
    expect: {
      status: 'pass',
      message: /1 came through as large as the route allows, 1 were told of a smaller MTU on the way, as it should be$/,
    },
  },
  {
    name: 'who answers no ping, or now and then, or is nowhere',
    facts: ways(
      path('n2', { result: 'silent' }),
      lost('n3', { result: 'unsure' }),
      path('n4', { result: 'no-route', device: '' }),
    ),
    expect: { status: 'pass', message: /1 were answered now and then only, 1 had no answer at all, 1 had no route$/ },
  },
  {
    name: 'nobody could ping',
    facts: node({ pods: [link('11', 1500)] }, [gap(pathMtus, 'tool-missing')]),
    expect: { status: 'pass', message: /; no pings with DF: network\/path-mtus is missing$/ },
  },
  {
    name: 'a pod whose route keeps its packets small enough',
    facts: node({ tunnels: [flannel], pods: [link('11', 1500, { routeMtu: 1450, bridge: null })] }),
    expect: { status: 'pass', message: /MTU of 1 pods: 1450/ },
  },
  {
    name: 'a pod whose route allows one byte more',
    facts: node({ tunnels: [flannel], pods: [link('11', 1500, { routeMtu: 1451, bridge: null })] }),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'pods-too-large',
      message: /^MTU 1451 in pod shop\/web is too large/,
      data: { pods: [{ device: 'eth0', mtu: 1500, routeMtu: 1451 }] },
    },
  },
  {
    name: 'a pod whose route says nothing of it',
    facts: node({ tunnels: [flannel], pods: [link('11', 1500, { routeMtu: 0, bridge: null })] }),
    expect: { status: 'fail', severity: 'error', messageId: 'pods-too-large', message: /^MTU 1500 in/ },
  },
  {
    name: 'ends that differ, a bridge that follows, and a route that fits both',
    facts: node({
      pods: [
        link('11', 1500, { routeMtu: 1400, peer: { name: 'veth11', mtu: 1400 }, bridge: { name: 'cni0', mtu: 1400 } }),
        link('12', 1500, { routeMtu: 1400, bridge: { name: 'cni0', mtu: 1400 } }),
      ],
    }),
    expect: { status: 'pass' },
  },
  {
    name: "the pod's end is smaller: its route is no help to what comes to it",
    facts: node({
      pods: [link('11', 1400, { routeMtu: 1300, peer: { name: 'veth11', mtu: 1500 }, bridge: null })],
    }),
    expect: { status: 'fail', severity: 'warning', messageId: 'veth-ends' },
  },
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
