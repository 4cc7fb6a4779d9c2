import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routeWithMtu } from '../../src/checks/mtu/route-with-mtu.ts';
import { known, missing } from '../../src/core/gap.ts';
import type { PathMtu } from '../../src/facts/network/path-mtus.ts';
import type { ReachTarget } from '../../src/facts/services/reach-targets.ts';
import { nodeAddressesKube } from '../../src/probes/cluster/node-addresses.kube.ts';
import { pathMtusPing } from '../../src/probes/network/path-mtus.ping.ts';
import { pathTargets } from '../../src/probes/network/path-targets.ts';
import { bareNode, type Collected, collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { json, kindOf, none, said, told } from './raws.ts';

const { pings } = pathMtusPing.reads;
const node = (n: number) => ({ node: `n${n}`, ip: `10.0.0.${n}` });
const target = (
  kind: ReachTarget['kind'],
  ip: string,
  at: string | null,
  pod: string | null = `a/${ip}`,
): ReachTarget => ({
  kind,
  protocol: 'TCP',
  ip,
  port: 80,
  service: 'a/b',
  pod,
  node: at,
});

describe('what the API says', () => {
  it('of nodes: the first InternalIP of each', () => {
    const item = (name: string, ...addresses: object[]): object => ({ metadata: { name }, status: { addresses } });
    const items = [
      item(
        'n1',
        { type: 'Hostname', address: 'n1' },
        { type: 'InternalIP', address: '10.0.0.1' },
        { type: 'InternalIP', address: 'fd00::1' },
      ),
      item('n2', { type: 'ExternalIP', address: '9.9.9.9' }),
      item('n3', { type: 'InternalIP', address: '$(reboot)' }),
      item('', { type: 'InternalIP', address: '10.0.0.4' }),
      null,
    ];
    expect(told(nodeAddressesKube.parse({ nodes: json({ items }) }))).toEqual([{ node: 'n1', ip: '10.0.0.1' }]);
    expect(kindOf(nodeAddressesKube.parse({ nodes: none('forbidden') }))).toBe('forbidden');
  });
});

describe('what a node pings', () => {
  it('the three nodes behind it, round about, and a pod on each of three', () => {
    const nodes = [1, 2, 3, 4, 5].map(node);
    const reach = [
      target('dns-pod', '10.244.5.9', 'n5'),
      target('dns-pod', '10.244.2.9', 'n2'),
      target('pod', '10.244.2.2', 'n2'),
      target('pod', '10.244.2.3', 'n2'),
      target('pod', '10.244.4.2', 'n4'),
      target('pod', '10.0.0.1', 'n1'),
      target('pod', '10.244.1.2', 'n1', null),
      target('api-endpoint', '10.0.0.3', null),
    ];
    expect(pathTargets(nodes, reach, 'n4').split(' ')).toEqual([
      'node,n5,n5,10.0.0.5',
      'node,n1,n1,10.0.0.1',
      'node,n2,n2,10.0.0.2',
      'pod,a/10.244.5.9,n5,10.244.5.9',
      'pod,a/10.244.2.2,n2,10.244.2.2',
    ]);
  });

  it('goes to the program as words; without the API nothing does', () => {
    const vars = pathMtusPing.params?.vars;
    const no = missing('not-chosen', 'no API');
    expect(vars?.({ nodeAddresses: known([node(2)]), reachTargets: no }, 'n1')).toEqual({
      paths: 'node,n2,n2,10.0.0.2',
    });
    expect(vars?.({ nodeAddresses: no, reachTargets: known([target('pod', 'fd00::2', 'n2')]) }, 'n1')).toEqual({
      paths: 'pod,a/fd00::2,n2,fd00::2',
    });
    expect(vars?.({ nodeAddresses: known([node(1)]), reachTargets: known([]) }, 'n1')).toEqual({});
    expect(vars?.({ nodeAddresses: no, reachTargets: no }, 'n1')).toEqual({});
  });

  it('is a table or a gap', () => {
    expect(kindOf(pathMtusPing.parse({ pings: none('tool-missing') }))).toBe('tool-missing');
    expect(kindOf(pathMtusPing.parse({ pings: said('path\n') }))).toBe('unparsable');
    expect(kindOf(pathMtusPing.parse({ pings: said('whole\n') }))).toBe('absent');
  });
});

const read = (c: Collected): readonly PathMtu[] => {
  const parsed = pathMtusPing.parse({ pings: c.raws.get(pings.id) ?? none() });
  if (!parsed.ok) throw new Error(`${parsed.gap.kind}: ${parsed.gap.detail}`);
  return parsed.value.paths;
};
const short = (paths: readonly PathMtu[]): string[] =>
  paths.map((p) => `${p.kind} ${p.name} ${p.result} of ${p.mtu}, through ${p.through}, told ${p.told}`);

const net = `nd-path-${process.pid}`;
const sh = (script: string): void => {
  const done = spawnSync('sh', ['-ec', script], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
};

/**
 * Namespaces a (here), b and c on a bridge in r, and d behind r, which routes. The port of b has a smaller MTU: the bridge drops what is larger, and tells
 * nobody. The link to d is smaller too, and r says so. c drops some sizes and not others.
 */
const build = `
for n in a b c d r; do
  ip netns add ${net}$n
  ip -n ${net}$n link set lo up
  ip netns exec ${net}$n sysctl -qw net.ipv6.conf.default.accept_dad=0
done
# else the bridge would say "packet too big" itself
for v in ip ip6; do ip netns exec ${net}r sysctl -qw net.bridge.bridge-nf-call-\${v}tables=0 2>/dev/null || true; done
ip -n ${net}r link add br0 mtu 1500 type bridge
ip -n ${net}r link set br0 up
ip -n ${net}r addr add 10.9.0.254/24 dev br0
ip -n ${net}r addr add fd09::254/64 dev br0
i=0
for n in a b c; do
  i=$((i + 1))
  ip -n ${net}r link add p$n type veth peer name eth0 netns ${net}$n
  ip -n ${net}r link set p$n master br0 up
  ip -n ${net}$n link set eth0 up
  ip -n ${net}$n addr add 10.9.0.$i/24 dev eth0
  ip -n ${net}$n addr add fd09::$i/64 dev eth0
  ip -n ${net}$n route add default via 10.9.0.254
  ip -n ${net}$n route add default via fd09::254
done
ip -n ${net}r link add pd mtu 1300 type veth peer name eth0 mtu 1300 netns ${net}d
ip -n ${net}r link set pd up
ip -n ${net}d link set eth0 up
ip -n ${net}r addr add 10.9.1.254/24 dev pd
ip -n ${net}r addr add fd09:1::254/64 dev pd
ip -n ${net}d addr add 10.9.1.4/24 dev eth0
ip -n ${net}d addr add fd09:1::4/64 dev eth0
ip -n ${net}d route add default via 10.9.1.254
ip -n ${net}d route add default via fd09:1::254
ip netns exec ${net}r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n ${net}r link set pb mtu 1400
ip netns exec ${net}c iptables -A INPUT -p icmp -m length --length 1350:1420 -j DROP
ip netns exec ${net}c iptables -A INPUT -p icmp -m length --length 1500 -j DROP
ip -n ${net}a route add 10.9.0.22/32 dev eth0 mtu 1400
ip -n ${net}b addr add 10.9.0.22/32 dev eth0
ip -n ${net}a addr add 10.9.0.99/32 dev lo
ip -n ${net}a route add unreachable 192.0.2.0/24
`;
const inside = (argv: readonly string[]): string[] => ['ip', 'netns', 'exec', `${net}a`, ...argv];
const words = [
  'node,hole,b,10.9.0.2',
  'node,route-knows,b,10.9.0.22',
  'node,torn,c,10.9.0.3',
  'node,mute,x,10.9.0.77',
  'node,self,a,10.9.0.99',
  'node,nowhere,x,192.0.2.1',
  'pod,a/hole,b,fd09::2',
  'pod,a/well,r,fd09::254',
  'pod,a/router,d,10.9.1.4',
  'pod,a/router6,d,fd09:1::4',
].join(' ');
const outcome = [
  'node self no-route of 0, through 0, told 0',
  'node hole lost of 1500, through 1400, told 0',
  'node route-knows fits of 1400, through 0, told 0',
  'node torn unsure of 1500, through 1480, told 0',
  'node mute silent of 1500, through 0, told 0',
  'node nowhere no-route of 0, through 0, told 0',
  'pod a/hole lost of 1500, through 1400, told 0',
  'pod a/router told of 1500, through 0, told 1300',
  'pod a/router6 told of 1500, through 0, told 1300',
  'pod a/well fits of 1500, through 0, told 0',
];

describe('the script, where a bridge drops what is too large for a port', { timeout: 40_000 }, () => {
  beforeAll(() => {
    needRoot();
    sh(build);
  });
  afterAll(() => sh(`for n in a b c d r; do ip netns del ${net}$n; done`));

  it.each(shells)('%s', async (_, argv) => {
    // nobody remembers what the last run was told
    sh(`ip -n ${net}a route flush cache; ip -n ${net}a -6 route flush cache`);
    const c = await collect([pings], { argv: inside(argv), vars: { paths: words } });
    const paths = read(c);
    expect(short(paths)).toEqual(outcome);
    const of = (name: string) => paths.find((p) => p.name === name);
    expect(of('hole')).toMatchObject({
      address: '10.9.0.2',
      device: 'eth0',
      route: '10.9.0.0/24 dev eth0 proto kernel scope link src 10.9.0.1',
      words: expect.stringMatching(/1472.* 0 (packets )?received, 100% packet loss/),
    });
    expect(of('a/hole')?.route).toMatch(/^fd09::\/64 dev eth0 proto kernel metric 256/);
    expect(of('a/well')).toMatchObject({ device: 'eth0', route: '', words: '' });
    expect(c.ms).toBeLessThan(28_000);
  });

  it('the commands of the fix make the routes small, and all is well', async () => {
    const vars = { paths: 'node,four,b,10.9.0.2 node,six,b,fd09::2' };
    const look = async () => read(await collect([pings], { argv: inside(['dash', '-s']), vars }));
    for (const p of await look()) {
      expect(p.result).toBe('lost');
      sh(`ip netns exec ${net}a ${routeWithMtu(p.route, p.through) ?? 'no-command'}`);
    }
    expect(short(await look())).toEqual([
      'node four fits of 1400, through 0, told 0',
      'node six fits of 1400, through 0, told 0',
    ]);
  });
});

const fakePing = `#!/bin/sh
[ "$1" != -V ] || { echo 'ping from iputils 20221126'; exit 0; }
[ "$1 $2 $3" = '-n -M do' ] || exit 2
case "$9 \${10}" in
  '56 '*) exit 0 ;;
  '1472 10.9.0.2') echo 'From 10.9.0.254 icmp_seq=1 Frag needed and DF set (mtu = 1400)'; exit 1 ;;
  '1452 fd09::2') printf 'From fd09::254 icmp_seq=1\\n\\tPacket too big: mtu=1400'; exit 1 ;;
esac
exit 1
`;
const fakeIp = `#!/bin/sh
[ "$1" != -V ] || { echo 'ip utility, iproute2-6.1.0'; exit 0; }
echo "$3 dev nd-fake src 10.9.0.1 uid 0 * $(printf '\\n') cache mtu 1500"
`;

/** The script with these programs instead of the machine's. */
const withFakes = (fakes: Readonly<Record<string, string>>, argv: readonly string[]): Promise<Collected> => {
  const dir = tempDir();
  for (const [name, text] of Object.entries(fakes)) {
    writeFileSync(join(dir, name), text);
    chmodSync(join(dir, name), 0o755);
  }
  const moved = { ...pings, script: pings.script.replace('"/usr/sbin/$1"', `"${dir}/$1"`) };
  return collect([moved], { argv, vars: { paths: 'node,n2,n2,10.9.0.2 pod,a/b,n2,fd09::2' } });
};

it.each(shells)("%s: iputils' words of what somebody on the way said", { timeout: 20_000 }, async (_, argv) => {
  const c = await withFakes({ ping: fakePing, ip: fakeIp }, argv);
  const paths = read(c);
  expect(short(paths)).toEqual(['node n2 told of 1500, through 0, told 0', 'pod a/b told of 1500, through 0, told 0']);
  expect(paths[0]?.words).toBe('From 10.9.0.254 icmp_seq=1 Frag needed and DF set (mtu = 1400)');
});

describe('no row is made up', () => {
  const tools = ['sh', 'cat', 'id', 'base64', 'sleep', 'uname'];
  const vars = { paths: 'node,n2,n2,127.0.0.1' };
  it('where there is no ip', async () => {
    const c = await collect([pings], { argv: bareNode(['dash', '-s'], tools), vars });
    expect(c.text(pings)).toMatch(/^tool-missing: .*ip is not there/);
  });
  it('where there is no ping', async () => {
    const c = await collect([pings], { argv: bareNode(['dash', '-s'], [...tools, 'ip']), vars });
    expect(c.text(pings)).toMatch(/^tool-missing: .*ping is not there/);
  });
  it('where it may not ping', async () => {
    const ping = `#!/bin/sh\n[ "$1" != -V ] || { echo 'ping from iputils 20221126'; exit 0; }\necho 'ping: socktype: SOCK_RAW' >&2\nexit 2\n`;
    const busybox = '#!/bin/sh\nexit 1\n';
    const c = await withFakes({ ping, ip: fakeIp, busybox }, ['unshare', '--net', 'dash', '-s']);
    expect(c.text(pings)).toMatch(/^failed: .*ping of 127\.0\.0\.1: /);
  });
  it('where no other node is known', async () => {
    const c = await collect([pings], {});
    expect(c.text(pings)).toBe('whole\n');
  });
});
