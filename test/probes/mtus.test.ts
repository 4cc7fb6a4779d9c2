import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Raw } from '../../src/core/read.ts';
import { mtusProc } from '../../src/probes/network/mtus.proc.ts';
import { collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { kindOf, none, said, told } from './raws.ts';

const { devices, pods, routes } = mtusProc.reads;
const dev = (name: string, index: number, link: number, mtu: number, hardware = 1, kind = '', master = ''): string =>
  `dev\t${name}\t${index}\t${link}\t${mtu}\t${hardware}\t${kind}\t${master}`;
const route = (device: string, destination: string, gateway: string, mask: string, metric = 0): string =>
  `route\t${device}\t${destination}\t${gateway}\t0003\t0\t0\t${metric}\t${mask}\t0\t0\t0`;
const zero = '0'.repeat(32);
const read = (list: readonly string[], ofPods: readonly string[] = [], ofRoutes: Raw = none('not-chosen')): unknown =>
  told(
    mtusProc.parse({
      devices: said(['arch x86_64', ...list].join('\n')),
      pods: said(ofPods.join('\n')),
      routes: ofRoutes,
    }),
  );
const kindFrom = (ofDevices: Raw, ofPods: Raw): unknown =>
  kindOf(mtusProc.parse({ devices: ofDevices, pods: ofPods, routes: none() }));

const plain = [dev('lo', 1, 1, 65536, 772), dev('eth0', 2, 2, 1500), dev('eth1', 3, 3, 9000)];
const ways = [
  route('eth0', '00000000', '01007B0A', '00000000', 100),
  route('eth1', '00000000', '0100080A', '00000000', 200),
  route('eth0', '00007B0A', '00000000', '00FFFFFF'),
  route('eth1', '0000080A', '00000000', '0000FFFF'),
];
const nothing = { uplinks: [{ name: 'eth0', mtu: 1500 }], tunnels: [], pods: [], unreadable: [], cilium: false };

describe('what is understood of it', () => {
  it('the default route with the best metric leads out; both families count', () => {
    expect(read([...plain, ...ways])).toEqual(nothing);
    const six = `six\t${zero}\t00\t00000400\teth1`;
    expect(read([...plain, ...ways, six])).toMatchObject({ uplinks: [{ name: 'eth0' }, { name: 'eth1', mtu: 9000 }] });
  });

  it('a VPN as default route is no uplink', () =>
    expect(
      read([...plain, dev('tun0', 4, 4, 1400, 65534), route('tun0', '00000000', '00000000', '00000000')]),
    ).toMatchObject({ uplinks: [] }));

  it('vxlan by the device below it', () =>
    expect(
      read([
        ...plain,
        ...ways,
        dev('flannel.1', 5, 3, 8950, 1, 'vxlan'),
        route('flannel.1', '0001F40A', '0001F40A', '00FFFFFF'),
      ]),
    ).toMatchObject({
      tunnels: [
        {
          name: 'flannel.1',
          mtu: 8950,
          encapsulation: 'vxlan',
          route: '10.244.1.0/24 via 10.244.1.0 dev flannel.1',
          underlay: { name: 'eth1', mtu: 9000 },
        },
      ],
    }));

  it('ipip by the way to the gateway of its route, the longest prefix first', () =>
    expect(
      read([...plain, ...ways, dev('tunl0', 5, 0, 1480, 768), route('tunl0', '4001F40A', '0905080A', 'C0FFFFFF')]),
    ).toMatchObject({
      tunnels: [{ encapsulation: 'ipip', route: '10.244.1.64/26 via 10.8.5.9 dev tunl0', underlay: { name: 'eth1' } }],
    }));

  it.each([
    ['gre', dev('g', 5, 0, 1476, 778), 'gre', 'eth0'],
    ['wireguard', dev('g', 5, 5, 1420, 65534, 'wireguard'), 'wireguard', 'eth0'],
    ['geneve', dev('g', 5, 5, 1450, 1, 'geneve'), 'geneve', 'eth0'],
    ['ip6tnl', dev('g', 5, 5, 1452, 769), 'ip6tnl', 'eth0'],
  ])('%s by the uplink where nothing else tells', (_, device, encapsulation, underlay) =>
    expect(read([...plain, ...ways, device, route('g', '0001F40A', '00000000', '00FFFFFF')])).toMatchObject({
      tunnels: [{ encapsulation, underlay: { name: underlay } }],
    }),
  );

  it('a tunnel without a route is not in use; one with two uplinks below it has no certain one; one with IPv6 alone has one', () => {
    const six = `six\t${zero}\t00\t00000400\teth1`;
    const v6 = `six\tfd00${zero.slice(4)}\t40\t00000400\tvxlan0`;
    const vxlan = dev('vxlan0', 5, 5, 1450, 1, 'vxlan');
    expect(read([...plain, ...ways, vxlan])).toEqual(nothing);
    expect(read([...plain, ...ways, six, v6, vxlan])).toMatchObject({
      tunnels: [{ name: 'vxlan0', route: `fd00${zero.slice(4)}/40 dev vxlan0`, underlay: null }],
    });
  });

  it('veth pairs only, with the bridge that the end here is a port of', () => {
    const host = [
      dev('cni0', 4, 4, 1450, 1, 'bridge'),
      dev('veth1', 7, 2, 1450, 1, '', '4'),
      dev('cali2', 8, 3, 1440),
      dev('bond1', 9, 2, 1500, 1, 'bond'),
    ];
    const pod = (space: number, device: string, mtu: number, index: number, link: number): string =>
      `pod\t${space}\t4711\t${device}\t${mtu}\t${index}\t${link}`;
    const found = read(
      [...plain, ...host],
      [
        pod(11, 'eth0', 1500, 2, 7),
        pod(12, 'eth0', 1440, 3, 8),
        pod(13, 'net1', 1500, 5, 2), // macvlan on eth0
        pod(14, 'eth0', 1500, 2, 99), // a veth pair into a namespace elsewhere
        'denied\t15',
        'denied\tx',
      ],
    );
    expect(found).toMatchObject({
      pods: [
        {
          space: '11',
          pid: 4711,
          device: 'eth0',
          mtu: 1500,
          peer: { name: 'veth1', mtu: 1450 },
          bridge: { name: 'cni0', mtu: 1450 },
        },
        { space: '12', mtu: 1440, peer: { name: 'cali2', mtu: 1440 }, bridge: null },
      ],
      unreadable: ['15'],
    });
  });

  it('MTUs of default routes, where the namespace was entered', () => {
    const host = ['v1', 'v2', 'v3', 'v4'].map((name, i) => dev(name, 7 + i, 2 + i, 1500));
    const pod = (space: number, i: number): string => `pod\t${space}\t${space}\teth0\t1500\t${2 + i}\t${7 + i}`;
    const ofRoutes = said(
      [
        'entered\t11',
        'route\t11\tdefault via 10.244.1.1 dev eth0 mtu 1450 advmss 1400',
        'route\t11\tdefault via 10.244.1.1 dev eth0 metric 200 mtu 1300',
        'entered\t12',
        'route\t12\tdefault via 10.244.1.1 dev eth0 mtu lock 1400',
        'entered\t13',
        'route\t13\tdefault via 10.244.1.1 dev eth0',
        'route\t13\tblackhole 10.0.0.0/8',
        'route\t14\t$(reboot)',
      ].join('\n'),
    );
    const links = [11, 12, 13, 14].map(pod);
    expect(read([...plain, ...host], links, ofRoutes)).toMatchObject({
      pods: [{ routeMtu: 1450 }, { routeMtu: 1400 }, { routeMtu: 0 }, { routeMtu: null }],
    });
    expect(read([...plain, ...host], links)).toMatchObject({ pods: links.map(() => ({ routeMtu: null })) });
  });

  it("Cilium's devices", () =>
    expect(read([...plain, dev('cilium_host', 4, 5, 1500)])).toMatchObject({ cilium: true }));

  it.each([
    ['no devices', ['route'], 'unparsable'],
    ['half a device', [dev('eth0', 2, 2, 1500), 'dev\teth1\t3'], 'unparsable'],
    ['cut', [dev('eth0', 2, 2, 1500), 'cut'], 'truncated'],
  ])('%s: a gap', (_, list, kind) => expect(kindFrom(said(['arch x86_64', ...list].join('\n')), said(''))).toBe(kind));
  it('no machine: a gap', () => expect(kindFrom(said(dev('eth0', 2, 2, 1500)), said(''))).toBe('unparsable'));
  it('gaps go on', () => {
    expect(kindFrom(none('timeout'), said(''))).toBe('timeout');
    expect(kindFrom(said(dev('eth0', 2, 2, 1500)), none('not-chosen'))).toBe('not-chosen');
  });
});

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
const engines = shells.flatMap(([name, argv]) =>
  (name === 'busybox sh'
    ? ['busybox']
    : ['mawk', 'busybox', 'gawk', 'original-awk'].filter((a) => where(a) !== '')
  ).map((awk) => ({ name, argv, awk })),
);

let namespace = '';
let children: ChildProcess[] = [];
let count = 0;
const must = (...argv: readonly [string, ...string[]]): void => {
  const done = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${argv.join(' ')}: ${done.stderr}`);
};
const inside = (...argv: readonly string[]): [string, ...string[]] => ['ip', 'netns', 'exec', namespace, ...argv];
/** A process in a network namespace of its own, as a pod's; with sysfs mounted in it as runtimes do, or not. */
const pause = async (mount: string): Promise<number> => {
  const child = spawn('unshare', ['--net', '--mount', 'sh', '-c', `${mount}; echo up; exec sleep 60`], {
    detached: true,
  });
  children.push(child);
  for await (const _ of child.stdout) break;
  return child.pid ?? 0;
};

describe.each(engines)('in a network namespace, $name with awk of $awk', ({ argv, awk }) => {
  beforeEach(() => {
    needRoot();
    namespace = `nd-mtu-${process.pid}-${count++}`;
    must('ip', 'netns', 'add', namespace);
  });
  afterEach(() => {
    for (const c of children) if (c.pid) process.kill(-c.pid, 'SIGKILL');
    children = [];
    must('ip', 'netns', 'del', namespace);
  });

  it('a node with a tunnel, a bridge and a pod; and a container that has not its own sysfs', async () => {
    const ip = (...args: string[]): void => must('ip', '-n', namespace, ...args);
    ip('link', 'add', 'up0', 'index', '40', 'mtu', '1500', 'type', 'bridge');
    ip('addr', 'add', '192.0.2.1/24', 'dev', 'up0');
    ip('link', 'set', 'up0', 'up');
    ip('route', 'add', 'default', 'via', '192.0.2.254');
    ip('link', 'add', 'flannel.1', 'index', '41', 'type', 'vxlan', 'id', '1', 'dev', 'up0', 'dstport', '8472');
    ip('link', 'set', 'flannel.1', 'up');
    ip('route', 'add', '10.244.1.0/24', 'via', '10.244.1.0', 'dev', 'flannel.1', 'onlink');
    ip('link', 'add', 'cni0', 'index', '42', 'type', 'bridge');
    const pod = await pause('mount -t sysfs nd /sys');
    const other = await pause(':');
    ip(
      'link',
      'add',
      'vethx',
      'index',
      '43',
      'mtu',
      '1400',
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'index',
      '44',
      'mtu',
      '1500',
      'netns',
      `${pod}`,
    );
    ip('link', 'set', 'vethx', 'master', 'cni0');
    ip(
      'link',
      'add',
      'vethy',
      'index',
      '45',
      'type',
      'veth',
      'peer',
      'name',
      'nd-no-such',
      'index',
      '46',
      'netns',
      `${other}`,
    );

    const podIp = (...args: string[]): void => must('nsenter', '-t', `${pod}`, '-n', 'ip', ...args);
    podIp('addr', 'add', '10.244.0.2/24', 'dev', 'eth0');
    podIp('link', 'set', 'eth0', 'up');
    podIp('route', 'add', 'default', 'via', '10.244.0.1', 'mtu', '1440');

    const bin = tempDir();
    symlinkSync(where(awk), join(bin, 'awk'));
    const c = await collect([devices, pods, routes], {
      argv: inside(...argv),
      env: { PATH: `${bin}:${process.env.PATH}` },
    });
    expect(c.end.complete).toBe(true);
    const raw = (of: { readonly id: string }): Raw => c.raws.get(of.id) ?? none();
    const r = mtusProc.parse({ devices: raw(devices), pods: raw(pods), routes: raw(routes) });
    if (!r.ok) throw new Error(r.gap.detail);
    expect({ ...r.value, pods: r.value.pods.filter((p) => p.pid === pod || p.pid === other), unreadable: [] }).toEqual({
      uplinks: [{ name: 'up0', mtu: 1500 }],
      tunnels: [
        {
          name: 'flannel.1',
          mtu: 1450,
          encapsulation: 'vxlan',
          route: '10.244.1.0/24 via 10.244.1.0 dev flannel.1',
          underlay: { name: 'up0', mtu: 1500 },
        },
      ],
      pods: [
        {
          space: expect.stringMatching(/^\d+$/),
          pid: pod,
          device: 'eth0',
          mtu: 1500,
          routeMtu: 1440,
          peer: { name: 'vethx', mtu: 1400 },
          bridge: { name: 'cni0', mtu: 1400 },
        },
      ],
      unreadable: [],
      cilium: false,
    });
    expect(r.value.unreadable.length).toBeGreaterThan(0);
  }, 30_000);
});
