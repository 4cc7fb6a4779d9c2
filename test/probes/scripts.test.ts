import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScriptRead } from '../../src/core/read.ts';
import { flowMemoryProc } from '../../src/probes/ipvs/flow-memory.proc.ts';
import { suspectsProc } from '../../src/probes/ipvs/suspects.proc.ts';
import { virtualServersProc } from '../../src/probes/ipvs/virtual-servers.proc.ts';
import { listenersProc } from '../../src/probes/sockets/listeners.proc.ts';
import { windowSampling } from '../../src/probes/sockets/window.sampling.ts';
import { rawLines } from '../parsers/fuzz.ts';
import { type Collected, collect, shells, tempDir } from '../transports/collector/run-program.ts';
import { none, said, told } from './raws.ts';

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();

/** Every awk of this machine: mawk and busybox's are on Debian, the others where somebody installed them. */
const awks = ['mawk', 'busybox', 'gawk', 'original-awk', 'bwk'].filter(
  (name) => name === 'mawk' || name === 'busybox' || where(name) !== '',
);
/** busybox's shell runs its own awk, wherever another lies in the path. */
const engines = shells.flatMap(([name, argv]) =>
  (name === 'bash' ? [] : name === 'dash' ? awks : ['busybox']).map((awk) => ({ awk, name, argv })),
);

/** Tables in a directory instead of /proc/net, where this kernel has them not or of other content. */
interface Node {
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** What `ip -o addr show` prints; null where there is no `ip`. */
  readonly addresses?: readonly string[] | null;
}

/** Runs the scripts of these reads with the tables of that node. */
const run = async (
  reads: readonly ScriptRead[],
  node: Node,
  { awk, argv }: { readonly awk: string; readonly argv: readonly string[] },
  window = 0,
): Promise<Collected> => {
  const dir = tempDir();
  const [net, bin] = [join(dir, 'net'), join(dir, 'bin')];
  mkdirSync(net);
  mkdirSync(bin);
  for (const [name, lines] of Object.entries(node.tables))
    writeFileSync(join(net, name), lines.map((l) => `${l}\n`).join(''));
  symlinkSync(where(awk), join(bin, 'awk'));
  const ip = node.addresses === null ? 'exit 127' : `cat <<'end'\n${(node.addresses ?? []).join('\n')}\nend`;
  writeFileSync(join(bin, 'ip'), `#!/bin/sh\n${ip}\n`);
  writeFileSync(join(bin, 'conntrack'), '#!/bin/sh\nexit 1\n');
  for (const name of ['ip', 'conntrack']) chmodSync(join(bin, name), 0o755);
  const moved = reads.map((r) => ({
    ...r,
    script: r.script
      .replaceAll('/proc/net/', `${net}/`)
      .replaceAll('\\/proc\\/net\\/', `${net.replaceAll('/', '\\/')}\\/`)
      .replaceAll('$(ip ', `$(${bin}/ip `),
  }));
  const c = await collect(moved, { argv, windowSeconds: window, env: { PATH: `${bin}:${process.env.PATH}` } });
  expect(c.end.complete).toBe(true);
  return c;
};

const header = {
  ipVs: [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
  ],
  conn: ['Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData'],
  socket: ['  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'],
};
const socket = (local: string, remote: string, state: string, inode: number): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 00000000ade4b93c 100 0 0 10 0`;
const six = (n: number): string => `fd00:0000:0000:0000:0000:0000:0000:${n.toString(16).padStart(4, '0')}`;
/** fd00::n as /proc/net/tcp6 of a little-endian machine has it, n below 256. */
const sixHex = (n: number): string => `000000FD0000000000000000${n.toString(16).padStart(2, '0').toUpperCase()}000000`;

describe.each(engines)('$name with awk of $awk', (engine) => {
  describe('virtual servers', () => {
    const servers = async (node: Node): Promise<unknown> => {
      const c = await run([virtualServersProc.reads.table], node, engine);
      return told(virtualServersProc.parse({ table: c.raws.get(virtualServersProc.reads.table.id) ?? none() }));
    };
    const addresses = [
      '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever',
      '1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever',
      '2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever preferred_lft forever',
      '2: eth0    inet6 fd00::1/64 scope global \\       valid_lft forever preferred_lft forever',
      '2: eth0    inet6 fe80::5054:ff:fe12:3456/64 scope link \\       valid_lft forever preferred_lft forever',
      '3: tun0    inet 10.8.0.1 peer 10.8.0.2/32 scope global tun0\\       valid_lft forever preferred_lft forever',
      '4: kube-ipvs0    inet 10.96.88.148/32 scope global kube-ipvs0\\       valid_lft forever preferred_lft forever',
      '4: kube-ipvs0    inet6 fd00::96/128 scope global \\       valid_lft forever preferred_lft forever',
      '5: cni0    inet 10.244.21.1/24 brd 10.244.21.255 scope global cni0\\       valid_lft forever preferred_lft forever',
    ];
    const rows = [
      ...header.ipVs,
      'TCP  0A605894:0050 rr ',
      '  -> 0AF40002:1F90      Masq    1      0          0         ',
      'TCP  0A000005:794F rr ',
      '  -> 0AF40002:1F90      Masq    1      0          0         ',
      'TCP  0AF41501:794F rr ',
      'UDP  0A000005:794F rr ',
      'TCP  7F000001:7950 rr ',
      'TCP  0A080001:7951 rr ',
      'TCP  0A080002:7952 rr ',
      `TCP  [${six(1)}]:7953 rr `,
      `  -> [${six(2)}]:1F90      Masq    1      0          0`,
      `UDP  [${six(0x96)}]:0035 rr `,
      'TCP  [0000:0000:0000:0000:0000:0000:0000:0001]:7954 rr ',
      'TCP  [fe80:0000:0000:0000:5054:00ff:fe12:3456]:FFFF rr ',
      'SCTP 0A000005:0001 rr persistent 10800 FFFFFFFF',
      'FWM  00000001 rr ',
    ];
    it('of own addresses of both families, not of kube-ipvs0; each port once', async () => {
      expect(await servers({ tables: { ip_vs: rows }, addresses })).toEqual({
        count: 12,
        nodePorts: [
          { protocol: 'SCTP', port: 1 },
          { protocol: 'TCP', port: 31055 },
          { protocol: 'UDP', port: 31055 },
          { protocol: 'TCP', port: 31056 },
          { protocol: 'TCP', port: 31057 },
          { protocol: 'TCP', port: 31059 },
          { protocol: 'TCP', port: 31060 },
          { protocol: 'TCP', port: 65535 },
        ],
      });
    });

    it.each<[string, Node, unknown]>([
      ['no IPVS in the kernel', { tables: {} }, { count: 0, nodePorts: [] }],
      ['loaded and empty', { tables: { ip_vs: header.ipVs }, addresses }, { count: 0, nodePorts: [] }],
      ['no addresses at all', { tables: { ip_vs: rows }, addresses: [] }, { count: 12, nodePorts: [] }],
      ['no `ip`', { tables: { ip_vs: rows }, addresses: null }, { count: 12, nodePorts: null }],
    ])('%s', async (_, node, want) => expect(await servers(node)).toEqual(want));
  });

  describe('suspects', () => {
    const { sockets, tables } = suspectsProc.reads;
    const victim =
      '   4: 0115F40A:794F 0415F40A:1F90 02 00000001:00000000 01:00000043 00000000     0        0 999999901 2 00000000 100 0 0 10 -1';
    const ipVs = [
      ...header.ipVs,
      'TCP  0A605894:0050 rr ',
      'TCP  0A000005:794F rr ',
      'TCP  0AF41501:794F rr ',
      '  -> 0AF40109:0050      Masq    1      0          0         ',
      `TCP  [${six(1)}]:7950 rr `,
      'UDP  0AF41501:7951 rr ',
      'TCP  0A000005:7952 rr ',
    ];
    const ct = (
      family: string,
      protocol: string,
      state: string,
      src: string,
      sport: number,
      dst: string,
      dport: number,
    ): string =>
      `${family} ${protocol} ${state}src=${src} dst=${dst} sport=${sport} dport=${dport} [UNREPLIED] src=${dst} dst=${src} sport=${dport} dport=${sport} mark=0 zone=0 use=2`;
    const [v4, v6] = ['ipv4     2', 'ipv6     10'];
    const victims: Node = {
      tables: {
        ip_vs: ipVs,
        tcp: [
          ...header.socket,
          victim,
          socket('0115F40A:794F', '0515F40A:1F90', '01', 999999902),
          socket('0115F40A:61A8', '0415F40A:1F90', '02', 999999903),
          socket('00000000:794F', '00000000:0000', '0A', 999999904),
        ],
        tcp6: [...header.socket, socket(`${sixHex(1)}:7950`, `${sixHex(4)}:1F90`, '02', 999999905)],
        udp: [
          ...header.socket,
          socket('0115F40A:7951', '0415F40A:0035', '01', 999999906),
          socket('0115F40A:7951', '00000000:0000', '07', 999999907),
        ],
        udp6: header.socket,
        nf_conntrack: [
          ct(v4, 'tcp      6 48', 'SYN_RECV ', '10.244.21.1', 31055, '10.244.21.7', 8080),
          ct(v4, 'tcp      6 48', 'SYN_SENT ', '10.244.21.1', 31055, '10.244.21.4', 8080),
          ct(v4, 'tcp      6 431999', 'ESTABLISHED ', '10.244.21.1', 31055, '10.244.21.8', 8080),
          ct(v4, 'tcp      6 48', 'SYN_SENT ', '10.0.0.9', 51000, '10.0.0.5', 31058),
          ct(v4, 'udp      17 29', '', '10.244.21.1', 31057, '10.244.21.4', 53),
          ct(v4, 'udp      17 29', '', '10.244.21.1', 31055, '10.244.21.4', 53),
          ct(v6, 'tcp      6 59', 'SYN_SENT ', six(1), 31056, six(4), 8080),
          'ipv4     2 icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=77 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=77 mark=0 use=1',
        ],
        ip_vs_conn: [
          ...header.conn,
          'TCP 0AF41504 1F90 0AF41501 794F 0AF40109 0050 SYN_RECV         58',
          'TCP 0AF41507 1F90 0AF41501 794F 0AF40109 0050 SYN_RECV         40',
          'TCP 0A000009 C738 0A000005 7952 0AF40109 0050 SYN_RECV         30',
          'UDP 0AF41504 0035 0AF41501 7951 0AF40109 0035 UDP             290',
          `TCP ${six(4)} 1F90 ${six(1)} 7950 ${six(9)} 0050 SYN_RECV         58`,
        ],
      },
    };
    const read = async (node: Node, window = 0): Promise<{ readonly c: Collected; readonly found: unknown }> => {
      const c = await run([sockets, tables], node, engine, window);
      const raw = { sockets: c.raws.get(sockets.id) ?? none(), tables: c.raws.get(tables.id) ?? none() };
      const r = suspectsProc.parse(raw);
      if (!r.ok) return { c, found: r.gap };
      const end = (e: { ip: string; port: number }): string => `${e.ip} ${e.port}`;
      const found = {
        tuples: r.value.tuples
          .map((t) => `${t.seenIn} ${t.protocol} ${end(t.source)} > ${end(t.destination)} ${t.state}`)
          .sort(),
        connections: r.value.connections
          .map((x) => `${x.protocol} ${end(x.client)} > ${end(x.virtual)} > ${end(x.backend)} ${x.state}`)
          .sort(),
        servers: r.value.servers.map((s) => `${s.protocol} ${end(s.end)}`).sort(),
      };
      return { c, found };
    };

    it('victims of both families and protocols, their mirrors, the servers in question; not the client of a dead backend', async () => {
      const { c, found } = await read(victims);
      expect(found).toEqual({
        tuples: [
          'conntrack TCP 10.244.21.1 31055 > 10.244.21.7 8080 SYN_RECV',
          'socket TCP 10.244.21.1 31055 > 10.244.21.4 8080 SYN_SENT',
          'socket TCP fd00::1 31056 > fd00::4 8080 SYN_SENT',
          'socket UDP 10.244.21.1 31057 > 10.244.21.4 53 ESTABLISHED',
        ],
        connections: [
          'TCP 10.244.21.4 8080 > 10.244.21.1 31055 > 10.244.1.9 80 SYN_RECV',
          'TCP 10.244.21.7 8080 > 10.244.21.1 31055 > 10.244.1.9 80 SYN_RECV',
          'TCP fd00::4 8080 > fd00::1 31056 > fd00::9 80 SYN_RECV',
          'UDP 10.244.21.4 53 > 10.244.21.1 31057 > 10.244.1.9 53 UDP',
        ],
        servers: ['TCP 10.0.0.5 31055', 'TCP 10.244.21.1 31055', 'TCP fd00::1 31056', 'UDP 10.244.21.1 31057'],
      });
      const flow = flowMemoryProc.parse({ sockets: said(''), tables: c.raws.get(tables.id) ?? none() });
      expect(flow.ok && flow.value.source).toMatch(/nf_conntrack$/);
    });

    it('without conntrack the sockets remain, and that is told', async () => {
      const { nf_conntrack: _, ...rest } = victims.tables;
      const { c, found } = await read({ tables: rest });
      expect(found).toMatchObject({
        tuples: [
          'socket TCP 10.244.21.1 31055 > 10.244.21.4 8080 SYN_SENT',
          'socket TCP fd00::1 31056 > fd00::4 8080 SYN_SENT',
          'socket UDP 10.244.21.1 31057 > 10.244.21.4 53 ESTABLISHED',
        ],
      });
      expect(flowMemoryProc.parse({ sockets: said(''), tables: c.raws.get(tables.id) ?? none() })).toMatchObject({
        ok: false,
        gap: { kind: 'absent' },
      });
    });

    it('a client of a NodePort whose backend is dead: no victim', async () => {
      const only: Node = {
        tables: {
          ip_vs: ipVs,
          tcp: header.socket,
          nf_conntrack: [ct(v4, 'tcp      6 48', 'SYN_SENT ', '10.0.0.9', 51000, '10.0.0.5', 31058)],
          ip_vs_conn: [...header.conn, 'TCP 0A000009 C738 0A000005 7952 0AF40109 0050 SYN_RECV         30'],
        },
      };
      expect((await read(only)).found).toEqual({ tuples: [], connections: [], servers: [] });
    });

    it('many entries: no more than 500 of each, and no more than 200 sockets', async () => {
      const many = Array.from({ length: 3000 }, (_, i) => i);
      const busy: Node = {
        tables: {
          ip_vs: ipVs,
          tcp: [
            ...header.socket,
            ...many.map((i) =>
              socket('0115F40A:794F', `0415F40A:${(i + 1).toString(16).padStart(4, '0').toUpperCase()}`, '02', 1),
            ),
          ],
          nf_conntrack: many.map((i) =>
            ct(v4, 'tcp      6 48', 'SYN_SENT ', '10.244.21.1', 31055, '10.244.22.4', i + 1),
          ),
          ip_vs_conn: [
            ...header.conn,
            ...many.map(
              (i) =>
                `TCP 0AF41504 ${(i + 1).toString(16).padStart(4, '0').toUpperCase()} 0AF41501 794F 0AF40109 0050 SYN_RECV         58`,
            ),
          ],
        },
      };
      const { found } = await read(busy);
      const { tuples, connections } = found as { tuples: string[]; connections: string[] };
      expect([
        tuples.filter((t) => t.startsWith('socket')).length,
        tuples.filter((t) => t.startsWith('conntrack')).length,
        connections.length,
      ]).toEqual([200, 500, 500]);
    });

    it('a node without IPVS: nothing, and that is known; the window is still the window', async () => {
      const { c, found } = await read({ tables: { nf_conntrack: victims.tables.nf_conntrack ?? [] } }, 0.5);
      expect(found).toEqual({ tuples: [], connections: [], servers: [] });
      const window = windowSampling.parse({ sockets: c.raws.get(sockets.id) ?? none() });
      expect(window.ok && window.value.samples).toBeGreaterThan(1);
    });

    it('a table that cannot be read is not an empty one', async () => {
      const { ip_vs_conn: _, ...rest } = victims.tables;
      expect((await read({ tables: rest })).found).toMatchObject({ kind: 'failed' });
    });
  });

  it('listeners of a real table, by the range of this machine', async () => {
    const tables = Object.fromEntries(
      ['tcp', 'tcp6', 'udp', 'udp6'].map((n) => [n, rawLines(`proc-net-${n}.debian-12.linux-6.18.44.txt`)]),
    );
    const rows = {
      ...listenersProc.reads.rows,
      script: listenersProc.reads.rows.script.replace('$(cat /proc/sys/net/ipv4/ip_local_port_range)', "'7070\t42966'"),
    };
    const c = await run([rows], { tables }, engine);
    const r = listenersProc.parse({ rows: c.raws.get(rows.id) ?? none() });
    expect(r.ok && r.value.map((l) => `${l.protocol} ${l.ip} ${l.port}`)).toEqual([
      'TCP 127.0.0.1 34567',
      'TCP 127.0.0.1 7070',
      'TCP :: 9090',
      'TCP :: 8080',
      'UDP 10.9.0.1 31059',
      'UDP ::1 42966',
    ]);
  });
});
