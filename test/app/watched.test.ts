import { describe, expect, it } from 'vitest';
import { watchNames } from '../../src/app/watch-names.ts';
import { watchedProbe } from '../../src/app/watched-probe.ts';
import { nodeportVictims } from '../../src/checks/ports/nodeport-victims.ts';
import type { Fact } from '../../src/core/fact.ts';
import { factsTable, type Lookup } from '../../src/core/facts-table.ts';
import { known, missing, type Reading } from '../../src/core/gap.ts';
import { judge } from '../../src/core/judge.ts';
import { probe } from '../../src/core/probe.ts';
import type { Opener, Passage, PodPassage, WatchEvent } from '../../src/core/watch.ts';
import { flowMemory } from '../../src/facts/ipvs/flow-memory.ts';
import type { LocalTuple, Suspects } from '../../src/facts/ipvs/suspects.ts';
import { ephemeralRange } from '../../src/facts/kernel/ephemeral-range.ts';
import { reservedPorts } from '../../src/facts/kernel/reserved-ports.ts';
import { reversePathFilter } from '../../src/facts/kernel/reverse-path-filter.ts';
import { proxyMode } from '../../src/facts/kube-proxy/mode.ts';
import { mtus } from '../../src/facts/network/mtus.ts';
import { type Space, spaces } from '../../src/facts/network/spaces.ts';
import { backends } from '../../src/facts/services/backends.ts';
import { nodePorts } from '../../src/facts/services/node-ports.ts';
import { window } from '../../src/facts/sockets/window.ts';

const source = { ip: '10.244.21.1', port: 31055 };
const destination = { ip: '10.244.21.4', port: 8080 };
const kubelet: Opener = { thread: 215, pid: 213, process: 'kubelet', containerId: null, podUid: null, unit: null };
const connect: WatchEvent = {
  ...{ kind: 'connect', outcome: 'no-answer', atSeconds: 100, source, destination, opener: kubelet },
  mirrors: [{ client: destination, virtual: source, backend: { ip: '10.244.1.9', port: 80 }, state: 'SYN_RECV' }],
  tracked: 'SYN_RECV',
  fell: null,
};
const old: LocalTuple = {
  ...{ protocol: 'TCP', source, destination, state: 'SYN_RECV', seenIn: 'conntrack', owner: null, ageSeconds: 3 },
};

const given = <T>(fact: Fact<T>, value: T) =>
  probe({ yields: fact, via: 'test', reads: {}, parse: () => known(value) });
const without =
  (gap: Reading<Suspects>): Lookup =>
  <T>() =>
    gap as Reading<T>;
const read = (value: Partial<Suspects>): Lookup =>
  without(known({ tuples: [], connections: [], servers: [], ...value }));

/** The node of the watch, healthy but for what is given. */
const node = [
  given(proxyMode, { mode: 'ipvs', source: 'a test', replacedBy: null, leftoverServers: 0 }),
  given(flowMemory, { source: '/proc/net/nf_conntrack' }),
  given(window, { samples: 10, seconds: 2 }),
  given(ephemeralRange, [12000, 65001] as const),
  given(reservedPorts, []),
  given(nodePorts, [{ port: 31055, protocol: 'TCP', service: 'shop/web', kind: 'nodePort' }]),
];
const judged = (events: readonly WatchEvent[], before: Lookup, rest = node) =>
  judge(
    nodeportVictims,
    { kind: 'node', name: 'vm1' },
    factsTable([...watchedProbe(events, before), ...rest], new Map()),
  );

describe('what a watch saw', () => {
  it('is judged with what was read before: the process, the Service, where the answer went', () =>
    expect(judged([connect], read({}))).toMatchObject([
      {
        status: 'fail',
        severity: 'critical',
        message:
          'kubelet → 10.244.21.4:8080 from source port 31055, the NodePort of Service shop/web: the reply went to 10.244.1.9:80.',
        evidence: [
          { source: '/proc/net/ip_vs_conn' },
          { source: 'tracepoint sock:inet_sock_set_state', text: expect.stringContaining('kubelet, pid 213') },
        ],
      },
    ]));

  it('counts once what was read before too', () => {
    const [finding] = judged([connect], read({ tuples: [old] }));
    expect(finding).toMatchObject({ data: { victims: [{ seenIn: 'trace' }] } });
  });

  it('is judged where the read before failed', () =>
    expect(judged([connect], without(missing('failed', 'x')))).toMatchObject([{ status: 'fail' }]));

  it.each([
    ['nothing', []],
    ['a connect whose answer went nowhere else', [{ ...connect, mirrors: [] } as WatchEvent]],
  ])('%s: what was read before stands, a gap stays a gap', (_, events) => {
    expect(watchedProbe(events, read({}))).toEqual([]);
    expect(judged(events, read({}))).toMatchObject([{ status: 'unknown' }]);
  });
});

describe('names', () => {
  const of = watchNames(
    factsTable(
      [
        ...node,
        probe({
          ...{ yields: backends, via: 'test', reads: {} },
          parse: () => known([{ ip: '10.244.1.9', pod: 'shop/web-5', service: 'shop/web' }]),
        }),
      ],
      new Map(),
    ),
  );
  it('of Services and pods', () =>
    expect([
      of.serviceOf(31055),
      of.serviceOf(31056),
      of.podAt('10.244.1.9'),
      of.podAt('10.0.0.1'),
      of.podOf(kubelet),
    ]).toEqual([...['shop/web', null, 'shop/web-5', null, null]]));

  const spaceOf = (id: string, host: boolean): Space => ({
    ...{ id, host, pid: 1, process: 'x', containerId: null, podUid: null },
  });
  const interfaces = [
    { name: 'eth0', effective: 1 as const },
    { name: 'eth1', effective: 2 as const },
    { name: 'tunl0', effective: 1 as const },
  ];
  const filters = watchNames(
    factsTable(
      [given(spaces, [spaceOf('5', true), spaceOf('6', false)]), given(reversePathFilter, { all: 0, interfaces })],
      new Map(),
    ),
  );
  const link = { pid: 1, mtu: 1500, routeMtu: null, bridge: { name: 'cni0', mtu: 1500 } };
  const links = watchNames(
    factsTable(
      [
        given(spaces, [spaceOf('5', true), { ...spaceOf('6', false), podUid: 'u1' }]),
        given(mtus, {
          ...{ uplinks: [], tunnels: [], unreadable: [], cilium: false },
          pods: [
            { ...link, space: '6', device: 'eth0', peer: { name: 'veth1', mtu: 1500 } },
            { ...link, space: '7', device: 'eth0', peer: { name: 'veth2', mtu: 1500 } },
          ],
        }),
      ],
      new Map(),
    ),
  );
  const owner = 'the pod with uid u1';
  it.each<[string, Passage, PodPassage | null]>([
    [
      "from a pod, by the node's end of its veth pair",
      { way: 'in', device: 'veth1', sender: 'eth0', port: null },
      { way: 'from', owner, veth: 'veth1' },
    ],
    [
      'from a pod that was not seen to send it',
      { way: 'in', device: 'veth1', sender: null, port: null },
      { way: 'from', owner, veth: 'veth1' },
    ],
    [
      'not from a device of another pod with the name of that end',
      { way: 'in', device: 'veth1', sender: 'veth9', port: null },
      null,
    ],
    ['into a pod', { way: 'in', device: 'eth0', sender: 'veth1', port: null }, { way: 'into', owner, veth: 'veth1' }],
    ['not into a device that the pod has not', { way: 'in', device: 'eth1', sender: 'veth1', port: null }, null],
    [
      'on its way into a pod',
      { way: 'out', device: 'veth1', sender: null, port: null },
      { way: 'into', owner, veth: 'veth1' },
    ],
    ["by the node's own device", { way: 'in', device: 'eth0', sender: null, port: null }, null],
    [
      'from a pod through its bridge',
      { way: 'in', device: 'cni0', sender: 'eth0', port: 'veth1' },
      { way: 'from', owner, veth: 'veth1' },
    ],
    ['not from a pod through what is not its bridge', { way: 'in', device: 'eth0', sender: null, port: 'veth1' }, null],
    [
      'of a network namespace that is not known any more',
      { way: 'in', device: 'veth2', sender: 'eth0', port: null },
      null,
    ],
  ])('of a packet %s', (_, passage, want) =>
    expect([links.podBy(passage), filters.podBy(passage)]).toEqual([want, null]),
  );

  it('of devices whose reverse path filter is strict, of the node alone', () =>
    expect([filters.strictIn('5'), filters.strictIn('6'), filters.strictIn('7'), of.strictIn('5')]).toEqual([
      ...[['eth0', 'tunl0'], [], [], []],
    ]));
});
