import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConntrackRow } from '../../src/parsers/nf-conntrack.ts';
import { destinationsProc } from '../../src/probes/ipvs/destinations.proc.ts';
import { handshakesProc } from '../../src/probes/ipvs/handshakes.proc.ts';
import { ipvsSettingsProc } from '../../src/probes/ipvs/settings.proc.ts';
import { clusterIpsKube } from '../../src/probes/services/cluster-ips.kube.ts';
import { collect, shells, tempDir } from '../transports/collector/run-program.ts';
import { json, kindOf, none, said, told } from './raws.ts';

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
const engines = shells.flatMap(([name, argv]) =>
  (name === 'busybox sh'
    ? ['busybox']
    : ['mawk', 'busybox', 'gawk', 'original-awk'].filter((a) => where(a) !== '')
  ).map((awk) => ({ name, argv, awk })),
);

const vip = '0A600001 01BB 0A7B0001 192B';
const row = (client: string, state = 'SYN_RECV', expires = 59, to = vip): string =>
  `TCP ${client} ${to} ${state.padEnd(11)} ${String(expires).padStart(7)}`;
const flow = (sport: number, reply: string): string =>
  `ipv4     2 tcp      6 116 SYN_SENT src=10.96.0.1 dst=10.96.0.1 sport=${sport} dport=443 [UNREPLIED] src=10.123.0.1 dst=${reply} sport=6443 dport=${sport} mark=0 zone=0 use=2`;

describe('settings', () => {
  const read = (reuse: string | null, nodest: string | null, conntrack: string | null) => {
    const raw = (t: string | null) => (t === null ? none('absent') : said(t));
    return ipvsSettingsProc.parse({ reuse: raw(reuse), nodest: raw(nodest), conntrack: raw(conntrack) });
  };
  it.each([
    ['1\n', '1\n', '1\n', { connReuseMode: 1, expireNodestConn: true, conntrack: true }],
    ['0\n', '0\n', '0\n', { connReuseMode: 0, expireNodestConn: false, conntrack: false }],
    [null, '1\n', null, { connReuseMode: null, expireNodestConn: true, conntrack: null }],
    ['1\n', null, '1\n', 'absent'],
    ['x', '1\n', '1\n', 'unparsable'],
    ['1\n', '', '1\n', 'unparsable'],
    ['1\n', '1\n', '-1', 'unparsable'],
  ])('%j %j %j', (reuse, nodest, conntrack, want) => expect(kindOf(read(reuse, nodest, conntrack))).toEqual(want));
  it('that may not be read are a gap', () =>
    expect(kindOf(ipvsSettingsProc.parse({ reuse: none('forbidden'), nodest: said('1'), conntrack: said('1') }))).toBe(
      'forbidden',
    ));
});

it('cluster addresses of both families, each once; none of a headless Service', () => {
  const item = (name: string, spec: object) => ({ metadata: { namespace: 'shop', name }, spec });
  const services = json({
    items: [
      item('old', { clusterIP: '10.96.0.9' }),
      item('both', { clusterIP: '10.96.0.8', clusterIPs: ['10.96.0.8', 'fd00:0::8'] }),
      item('headless', { clusterIP: 'None', clusterIPs: ['None'] }),
      item('external', {}),
      item('odd', { clusterIPs: [1, null, '10.96.0.7'] }),
    ],
  });
  expect(told(clusterIpsKube.parse({ services }))).toEqual([
    { service: 'shop/old', ip: '10.96.0.9', ageSeconds: null },
    { service: 'shop/both', ip: '10.96.0.8', ageSeconds: null },
    { service: 'shop/both', ip: 'fd00::8', ageSeconds: null },
    { service: 'shop/odd', ip: '10.96.0.7', ageSeconds: null },
  ]);
  expect(kindOf(clusterIpsKube.parse({ services: none('forbidden') }))).toBe('forbidden');
});

describe('handshakes', () => {
  const own = (client: string, expires = 59): string => `own\t${row(client, 'SYN_RECV', expires)}`;
  const read = (before: readonly string[], after: readonly string[]) =>
    handshakesProc.parse({ table: said(before.join('\n'), after.join('\n')) });

  it('in both looks hang; in one they are under way', () => {
    const r = read([own('0A600001 95EA'), own('0A600001 95F0')], [own('0A600001 95EA', 50), own('0A600001 95F1')]);
    expect(r.ok && r.value.hanging.map((h) => `${h.client.port} ${h.quietSeconds} ${h.local}`)).toEqual([
      '38378 10 true',
    ]);
  });
  it("others' clients, and what got through", () => {
    const other = `other\t${row('0AF40109 95EA', 'SYN_RECV', 61)}`;
    const r = read([other], [other, `through\tother\t${row('0AF40109 95EB', 'TIME_WAIT', 100)}`]);
    expect(told(r)).toMatchObject({
      hanging: [{ local: false, quietSeconds: 0, replyTo: null }],
      through: [{ local: false, virtual: { ip: '10.96.0.1', port: 443 }, quietSeconds: 20 }],
    });
  });
  it('by where the reply is expected', () => {
    const list = [own('0A600001 95EA'), own('0A600001 95F0'), own('0A600001 95F1')];
    const r = read(list, [...list, `flow\t${flow(38378, '10.96.0.1')}`, `flow\t${flow(38384, '10.123.0.21')}`]);
    expect(r.ok && r.value.hanging.map((h) => h.replyTo)).toEqual(['10.96.0.1', '10.123.0.21', null]);
    expect(parseConntrackRow(flow(1, '10.96.0.1'))).not.toBeNull();
  });
  it('gaps: one look, too many, none', () => {
    expect(kindOf(handshakesProc.parse({ table: said('') }))).toBe('not-chosen');
    expect(kindOf(handshakesProc.parse({ table: none('tool-missing') }))).toBe('tool-missing');
    expect(kindOf(read([], ['cut\town']))).toBe('truncated');
    expect(read([own('0A600001 95EA')], [own('0A600001 95EA'), 'cut\town']).ok).toBe(true);
    expect(read([], ['cut\tother', 'own\tnonsense']).ok).toBe(true);
  });
});

describe('destinations', () => {
  const read = (...lines: string[]) => destinationsProc.parse({ table: said(lines.join('\n')) });
  it('none', () => expect(told(read(''))).toEqual({ draining: { count: 0, connections: 0, some: [] }, skewed: [] }));
  it.each([['zeros'], ['zeros\tx\t1'], ['zeros\t1\t-1'], ['zero\tTCP']])('no sums: %j', (line) =>
    expect(kindOf(read(line))).toBe('unparsable'),
  );
  it('rows that are none are left out', () =>
    expect(told(read('zeros\t9\t100', 'zero\tTCP\tx\ty\t1\t2', 'skew\tTCP\t0A600001:0050\t2\tx'))).toEqual({
      draining: { count: 9, connections: 100, some: [] },
      skewed: [],
    }));
  it('no answer', () => expect(kindOf(destinationsProc.parse({ table: none('timeout') }))).toBe('timeout'));
});

describe.each(engines)('scripts, $name with awk of $awk', ({ argv, awk }) => {
  /** Runs both scripts over these tables instead of /proc/net. */
  const scripts = async (tables: Readonly<Record<string, readonly string[]>>, addresses: readonly string[] | null) => {
    const dir = tempDir();
    const [net, bin] = [join(dir, 'net'), join(dir, 'bin')];
    mkdirSync(net);
    mkdirSync(bin);
    for (const [name, lines] of Object.entries(tables))
      writeFileSync(join(net, name), lines.map((l) => `${l}\n`).join(''));
    symlinkSync(where(awk), join(bin, 'awk'));
    writeFileSync(
      join(bin, 'ip'),
      addresses ? `#!/bin/sh\ncat <<'end'\n${addresses.join('\n')}\nend\n` : '#!/bin/sh\nexit 1\n',
    );
    chmodSync(join(bin, 'ip'), 0o755);
    const reads = [handshakesProc.reads.table, destinationsProc.reads.table].map((r) => ({
      ...r,
      script: r.script.replaceAll('/proc/net/', `${net}/`).replaceAll('$(ip ', `$(${bin}/ip `),
    }));
    const c = await collect(reads, { argv, windowSeconds: 0.1, env: { PATH: `${bin}:${process.env.PATH}` } });
    expect(c.end.complete).toBe(true);
    const raw = (i: 0 | 1) => c.raws.get(reads[i]?.id ?? '') ?? none();
    return {
      handshakes: handshakesProc.parse({ table: raw(0) }),
      destinations: destinationsProc.parse({ table: raw(1) }),
    };
  };
  const addresses = [
    '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever',
    '2: eth0    inet 10.123.0.21/24 scope global eth0\\       valid_lft forever preferred_lft forever',
    '2: eth0    inet6 fd00::21/64 scope global \\       valid_lft forever preferred_lft forever',
    '4: kube-ipvs0    inet 10.96.0.1/32 scope global kube-ipvs0\\       valid_lft forever preferred_lft forever',
    '4: kube-ipvs0    inet6 fd00::96/128 scope global \\       valid_lft forever preferred_lft forever',
  ];
  const six = (n: string): string => `fd00:0000:0000:0000:0000:0000:0000:00${n}`;
  const conns = [
    'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData',
    row('0A600001 95EA'),
    row('0A7B0015 95EB', 'SYN_RECV', 40),
    row('0AF41505 95EC'),
    row('0A600001 95ED', 'TIME_WAIT', 90),
    row('0A600001 95EE', 'TIME_WAIT', 111),
    row('0A600001 95EF', 'ESTABLISHED', 800),
    row('0AF41505 95F0', 'TIME_WAIT', 30),
    // NodePorts, of any client
    row('0A7B0015 95F1', 'SYN_RECV', 59, '0A7B0015 794F 0AF40109 0050'),
    row('0AF40109 1F90', 'SYN_RECV', 59, '0A7B0015 794F 0AF40109 0050'),
    `TCP ${six('21')} 95F2 ${six('96')} 01BB ${six('01')} 192B SYN_RECV         59`,
    `TCP ${six('77')} 95F3 ${six('21')} 794F ${six('01')} 192B SYN_RECV         59`,
    `UDP 0A600001 95F4 ${vip} UDP             59`,
  ];

  it('handshakes of the node and of others, not to NodePorts; of both families; with their conntrack entries', async () => {
    const { handshakes } = await scripts(
      { ip_vs_conn: conns, nf_conntrack: [flow(38378, '10.96.0.1'), flow(1, '10.96.0.1')] },
      addresses,
    );
    if (!handshakes.ok) throw new Error(handshakes.gap.detail);
    expect(
      handshakes.value.hanging
        .map((h) => `${h.client.ip} ${h.client.port} > ${h.virtual.ip} ${h.local} ${h.quietSeconds} ${h.replyTo}`)
        .sort(),
    ).toEqual([
      '10.123.0.21 38379 > 10.96.0.1 true 20 null',
      '10.244.21.5 38380 > 10.96.0.1 false 1 null',
      '10.96.0.1 38378 > 10.96.0.1 true 1 10.96.0.1',
      'fd00::21 38386 > fd00::96 true 1 null',
    ]);
    expect(handshakes.value.through.map((t) => `${t.local} ${t.virtual.ip} ${t.quietSeconds}`).sort()).toEqual([
      'false 10.96.0.1 90',
      'true 10.96.0.1 9',
    ]);
  });

  it('no IPVS: nothing, and that is known; addresses or a table that cannot be read are a gap', async () => {
    const empty = await scripts({}, null);
    expect(told(empty.handshakes)).toMatchObject({ hanging: [], through: [] });
    expect(told(empty.destinations)).toMatchObject({ draining: { count: 0 }, skewed: [] });
    expect(kindOf((await scripts({ ip_vs_conn: conns }, null)).handshakes)).toBe('failed');
  });

  it('many: 200 of each, in one pass', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) =>
      row(`${i % 2 ? '0A600001' : '0AF41505'} ${i.toString(16).padStart(4, '0').toUpperCase()}`),
    );
    const { handshakes } = await scripts({ ip_vs_conn: many }, addresses);
    expect(handshakes.ok && handshakes.value.hanging.length).toBe(400);
  });

  it('backends that drain, and servers that are uneven', async () => {
    const { destinations } = await scripts(
      {
        ip_vs: [
          'IP Virtual Server version 1.2.1 (size=4096)',
          'Prot LocalAddress:Port Scheduler Flags',
          '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
          'TCP  0A600505:0050 rr  ',
          '  -> 0AF40109:1F90      Masq    0      1          30        ',
          '  -> 0AF40107:1F90      Masq    1      900        100       ',
          '  -> 0AF40108:1F90      Masq    1      0          0         ',
          '  -> 0AF4010A:1F90      Masq    0      0          0         ',
          'TCP  0A600506:0050 rr persistent 10800 FFFFFFFF',
          '  -> 0AF40107:1F90      Masq    1      899        100       ',
          '  -> 0AF40108:1F90      Masq    1      0          0         ',
          'FWM  00000001 rr  ',
          '  -> 0AF40107:1F90      Masq    1      9000       100       ',
          `TCP  [${six('96')}]:01BB rr  `,
          `  -> [${six('01')}]:192B      Masq    1      5000       0         `,
          `  -> [${six('02')}]:192B      Masq    1      500        0         `,
        ],
      },
      addresses,
    );
    const end = (ip: string, port: number) => ({ ip, port });
    expect(told(destinations)).toEqual({
      draining: {
        count: 1,
        connections: 31,
        some: [
          { protocol: 'TCP', virtual: end('10.96.5.5', 80), backend: end('10.244.1.9', 8080), active: 1, inactive: 30 },
        ],
      },
      skewed: [
        {
          protocol: 'TCP',
          virtual: end('10.96.5.5', 80),
          backends: 2,
          busiest: { backend: end('10.244.1.7', 8080), connections: 1000 },
          idlest: { backend: end('10.244.1.8', 8080), connections: 0 },
        },
      ],
    });
  });
});
