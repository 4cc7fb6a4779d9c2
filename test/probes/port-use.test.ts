import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { snatUseProc } from '../../src/probes/network/snat-use.proc.ts';
import { portUseProc } from '../../src/probes/sockets/port-use.proc.ts';
import { collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { json, none, said, told } from './raws.ts';

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
const awks = ['mawk', 'busybox', 'gawk', 'original-awk', 'bwk'].filter((name) => where(name) !== '');
const engines = shells.flatMap(([name, argv]) =>
  (name === 'busybox sh' ? ['busybox'] : name === 'dash' ? awks : ['mawk']).map((awk) => ({ awk, name, argv })),
);
/** A directory in which `awk` is this one, to stand first in PATH. */
const pathTo = (awk: string): string => {
  const bin = join(tempDir(), 'bin');
  mkdirSync(bin);
  symlinkSync(where(awk), join(bin, 'awk'));
  return `${bin}:${process.env.PATH}`;
};

/** In namespaces of its own: 60 + 20 + 5 connections to 127.0.0.50:7001, 18 to ::1, 17 UDP sockets, and others on the way in and outside of the range. */
const faults = `
import os, socket, sys, time
kept = []
def listen(family, address):
    s = socket.socket(family)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if address[0] == "::" else 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(address)
    s.listen(200)
    return s
def connect(family, server, address, n, local=None, close=False):
    for i in range(n):
        c = socket.socket(family)
        if local:
            c.bind(local(i))
        c.connect(address)
        a = server.accept()[0]
        if close:
            c.close()
            a.close()
        else:
            kept.extend([c, a])
v4, v6 = socket.AF_INET, socket.AF_INET6
if sys.argv[1] == "host":
    one, two = listen(v4, ("127.0.0.50", 7001)), listen(v6, ("::1", 7002))
    connect(v4, one, ("127.0.0.50", 7001), 60)
    connect(v6, one, ("::ffff:127.0.0.50", 7001), 20)
    connect(v4, one, ("127.0.0.50", 7001), 5, close=True)
    connect(v4, one, ("127.0.0.50", 7001), 30, local=lambda i: ("127.0.0.1", 20000 + i))
    connect(v6, two, ("::1", 7002), 18)
    inside = listen(v4, ("127.0.0.60", 50092))
    connect(v4, inside, ("127.0.0.60", 50092), 25, local=lambda i: ("127.0.0.2", 21000 + i))
    for i in range(17):
        u = socket.socket(v4, socket.SOCK_DGRAM)
        u.connect(("127.0.0.1", 9))
        kept.append(u)
else:
    one = listen(v4, ("127.0.0.50", 7001))
    connect(v4, one, ("127.0.0.50", 7001), 40)
open(sys.argv[2], "w").close()
time.sleep(60)
`;
const around = `
ip link set lo up
echo 50000 50099 >/proc/sys/net/ipv4/ip_local_port_range
echo 50090-50095 >/proc/sys/net/ipv4/ip_local_reserved_ports
python3 -c "$0" host "$1/host" &
unshare -n sh -c 'ip link set lo up; echo 20000 20049 >/proc/sys/net/ipv4/ip_local_port_range; exec python3 -c "$0" other "$1/other"' "$0" "$1" &
i=0
while [ $i -lt 100 ] && ! { [ -e "$1/host" ] && [ -e "$1/other" ]; }; do sleep 0.1; i=$((i + 1)); done
shift
exec "$@"
`;

describe.each(engines)('$name with awk of $awk', ({ awk, argv }) => {
  it('counts the source ports of each namespace, made for real', async () => {
    needRoot();
    const dir = tempDir();
    const own = ['unshare', '--net', '--pid', '--fork', '--mount-proc', 'sh', '-c', around, faults, dir, ...argv];
    const c = await collect([portUseProc.reads.rows], { argv: own, env: { PATH: pathTo(awk) } });
    const use = portUseProc.parse({ rows: c.raws.get(portUseProc.reads.rows.id) ?? none() });
    if (!use.ok) throw new Error(`${use.gap.detail} ${c.stderr}`);
    const [host = '', other = ''] = use.value.sysctls.map((s) => s.space);
    expect(use.value.sysctls).toMatchObject([
      { range: [50000, 50099], reserved: [[50090, 50095]], timestamps: true },
      { range: [20000, 20049], reserved: [] },
    ]);
    expect(use.value.destinations).toMatchObject([
      {
        space: host,
        source: '127.0.0.1',
        destination: { ip: '127.0.0.50', port: 7001 },
        ports: 85,
        timeWait: 5,
        owner: { process: 'python3' },
      },
      { space: other, ports: 40, timeWait: 0, owner: { process: 'python3' } },
      { space: host, source: '::1', destination: { ip: '::1', port: 7002 }, ports: 18 },
    ]);
    expect(use.value.sources).toMatchObject([
      { space: host, source: '127.0.0.1', ports: 85, sockets: 85, timeWait: 5 },
      { space: other, ports: 40 },
      { space: host, source: '::1', ports: 18, sockets: 18 },
    ]);
    expect(use.value.datagrams).toEqual([{ space: host, ports: 17 }]);
    expect(use.value).toMatchObject({ leftOut: 15, servers: [7001, 7002] });
    // 55 of 158 connections were bound to ports outside of the range
    expect(use.value.outside).toEqual([host]);
  });

  it('counts source NAT in conntrack', async () => {
    const dir = tempDir();
    const flow = (i: number, nat: string, port: number, more = ''): string =>
      `ipv4     2 tcp      6 ${i % 2 ? '431999 ESTABLISHED' : '110 TIME_WAIT'} src=10.244.1.5 dst=10.96.0.9 sport=${20000 + i} dport=80 ${more}src=10.0.0.9 dst=${nat} sport=8080 dport=${port} ${more}[ASSURED] mark=0 zone=0 use=2`;
    const many = Array.from({ length: 40 }, (_, i) => i);
    writeFileSync(
      join(dir, 'nf_conntrack'),
      [
        ...many.map((i) => flow(i, '10.0.0.1', i < 30 ? 61000 + i : 20000 + i, i % 3 ? '' : 'packets=1 bytes=60 ')),
        // no source NAT, of other protocols, few, and no row at all
        ...many.map((i) => flow(i, '10.244.1.5', 20000 + i)),
        ...many.map(
          () =>
            'ipv4     2 icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=77 src=10.0.0.2 dst=10.0.0.7 type=0 code=0 id=77 mark=0 use=1',
        ),
        ...many.slice(0, 15).map((i) => flow(i, '10.0.0.2', 62000 + i)),
        'src= dst= src=',
        'whole',
        ...many
          .slice(0, 17)
          .map(
            (i) =>
              `ipv6     10 udp      17 29 src=fd00::5 dst=fd00::9 sport=${30000 + i} dport=53 [UNREPLIED] src=fd00::9 dst=fd00::1 sport=53 dport=${30000 + i} mark=0 use=1`,
          ),
      ]
        .map((l) => `${l}\n`)
        .join(''),
    );
    const table = {
      ...snatUseProc.reads.table,
      script: snatUseProc.reads.table.script
        .replaceAll('/proc/net/', `${dir}/`)
        .replaceAll('/proc/sys/net/netfilter/nf_conntrack_count', dir),
    };
    const c = await collect([table], { argv, env: { PATH: pathTo(awk) } });
    const text = c.text(table).replaceAll(dir, '/proc/net');
    expect(told(snatUseProc.parse({ table: said(text) }))).toEqual({
      table: '/proc/net/nf_conntrack',
      leftOut: 15,
      groups: [
        {
          protocol: 'tcp',
          source: '10.0.0.1',
          destination: { ip: '10.0.0.9', port: 8080 },
          meant: { ip: '10.96.0.9', port: 80 },
          entries: 40,
          timeWait: 20,
          moved: 30,
          lowest: 20030,
          highest: 61029,
        },
        {
          protocol: 'udp',
          source: 'fd00::1',
          destination: { ip: 'fd00::9', port: 53 },
          meant: { ip: 'fd00::9', port: 53 },
          entries: 17,
          timeWait: 0,
          moved: 0,
          lowest: 30001,
          highest: 30016,
        },
      ],
    });
  });

  it('without connection tracking there is none; without any way to read it that is told', async () => {
    const { table } = snatUseProc.reads;
    const count = '/proc/sys/net/netfilter/nf_conntrack_count';
    const none = { ...table, script: table.script.replaceAll(count, '/nowhere') };
    const c = await collect([none], { argv, env: { PATH: pathTo(awk) } });
    expect(told(snatUseProc.parse({ table: said(c.text(none)) }))).toEqual({ groups: [], leftOut: 0, table: null });
    const blind = {
      ...table,
      script: table.script
        .replaceAll(count, '/')
        .replaceAll('/proc/net/', '/nowhere/')
        .replaceAll('nd_host conntrack', 'nd_host nowhere'),
    };
    const d = await collect([blind], { argv, env: { PATH: pathTo(awk) } });
    expect(d.text(blind)).toMatch(/^tool-missing: .*conntrack/);
  });

  it('a conntrack -L that fails is not an empty one; one that ends well is read', async () => {
    const { table } = snatUseProc.reads;
    const script = table.script
      .replaceAll('/proc/sys/net/netfilter/nf_conntrack_count', '/')
      .replaceAll('/proc/net/', '/nowhere/');
    const [bad, good] = ['--version && false', '--version'].map((x, i) => ({
      ...table,
      id: `script:network/snat-use-${i}`,
      script: script
        .replaceAll('nd_host conntrack --version', 'true')
        .replaceAll('nd_host conntrack -L -o extended', `cat /proc/version ${x === '--version' ? '' : '&& false'}`),
    }));
    if (!bad || !good) throw new Error('two');
    const c = await collect([bad, good], { argv, env: { PATH: pathTo(awk) } });
    expect(c.text(bad)).toMatch(/^failed: /);
    expect(told(snatUseProc.parse({ table: said(c.text(good)) }))).toEqual({
      groups: [],
      leftOut: 15,
      table: 'conntrack -L',
    });
  });
});

describe('port use', () => {
  const sys = '0\tsys\t7\t32768 60999\t\t2\t1';
  const parse = (...lines: string[]): unknown => told(portUseProc.parse({ rows: said(lines.join('\n')) }));
  it.each<[string, readonly string[], unknown]>([
    ['an empty node', ['arch x86_64', sys, '0\tservers\t'], { destinations: [], servers: [], leftOut: 15 }],
    ['more than is told', ['arch x86_64', sys, '0\tservers\tcut', '0\tleft\t99'], { leftOut: 99, servers: null }],
    ['no machine', [sys, '0\tservers\t'], /^unparsable: the machine/],
    ['no sysctls', ['arch x86_64', '0\tservers\t'], /^unparsable: /],
    ['no servers', ['arch x86_64', sys], /^unparsable: /],
    ['a row that is none', ['arch x86_64', sys, '0\tservers\t', '9\tdest\t7\tx'], /^unparsable: /],
  ])('%s', (_, lines, want) => {
    if (want instanceof RegExp) expect(parse(...lines)).toMatch(want);
    else expect(parse(...lines)).toMatchObject(want as object);
  });

  it('who holds most of the sample is told; a process that is gone is not', () => {
    const dest = '20\tdest\t7\t1\t0\t0100007F\t0100007F:0050\t1,2,3,4';
    const own = (inode: number, pid: number): string => `own\t${inode}\t${pid}\t\tp${pid}`;
    const rows = ['arch x86_64', sys, '0\tservers\t 1F90', dest, own(1, 50), own(2, 60), own(3, 60)];
    expect(parse(...rows)).toMatchObject({ destinations: [{ owner: { pid: 60, process: 'p60' } }], servers: [8080] });
    expect(parse(...rows.slice(0, 4))).toMatchObject({ destinations: [{ owner: null }] });
  });

  it('asks by the ranges that the specs of pods set', () => {
    const vars = (list: unknown): unknown => portUseProc.params?.vars({ pods: list as never }, 'n1');
    const uid = 'de70d68a-8513-4696-be7f-380057ad5684';
    const pod = { uid, hostNetwork: false, portRange: [40000, 40099] };
    expect(
      vars({
        ok: true,
        value: [pod, { ...pod, hostNetwork: true }, { ...pod, uid: 'x' }, { ...pod, portRange: null }],
      }),
    ).toEqual({
      port_ranges: `${uid}:40000-40099`,
    });
    expect(vars({ ok: true, value: [] })).toEqual({});
    expect(vars(none())).toEqual({});
  });
});

describe('source NAT', () => {
  it.each<[string, string, unknown]>([
    ['cut', 'table conntrack -L\nleft 20', { leftOut: 20, table: 'conntrack -L' }],
    ['nothing', '', /^unparsable/],
    ['a row that is none', 'table conntrack -L\n7\tsnat\tx', /^unparsable/],
  ])('%s', (_, text, want) => {
    const got = told(snatUseProc.parse({ table: said(text) }));
    if (want instanceof RegExp) expect(got).toMatch(want);
    else expect(got).toMatchObject(want as object);
  });
});

it('sysctls of a pod come from its spec', async () => {
  const { podsKube } = await import('../../src/probes/workloads/pods.kube.ts');
  const sysctls = [
    { name: 'net.ipv4.ip_local_port_range', value: '40000 40099' },
    { name: 'net.ipv4.ip_local_reserved_ports', value: '40050' },
  ];
  const body = {
    items: [{ metadata: { name: 'a' }, spec: { securityContext: { sysctls } } }, { metadata: { name: 'b' } }],
  };
  expect(told(podsKube.parse({ pods: json(body) }))).toMatchObject([
    {
      portRange: [40000, 40099],
      reservedPorts: [[40050, 40050]],
      sysctls: { 'net.ipv4.ip_local_reserved_ports': '40050' },
    },
    { portRange: null, reservedPorts: [], sysctls: {} },
  ]);
});
