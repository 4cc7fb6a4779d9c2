import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScriptRead } from '../../src/core/read.ts';
import type { IptablesRules } from '../../src/facts/iptables/rules.ts';
import { rulesProc } from '../../src/probes/iptables/rules.proc.ts';
import { toolsProc } from '../../src/probes/iptables/tools.proc.ts';
import { clusterIpSetsIpset } from '../../src/probes/ipvs/cluster-ip-sets.ipset.ts';
import { nftTablesNft } from '../../src/probes/kube-proxy/nft-tables.nft.ts';
import { processProc } from '../../src/probes/kube-proxy/process.proc.ts';
import { clusterIpsKube } from '../../src/probes/services/cluster-ips.kube.ts';
import { rawLines } from '../parsers/fuzz.ts';
import { bareNode, type Collected, collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { json, kindOf, none, said, told } from './raws.ts';

const read = rulesProc.reads.all;
const { tables } = clusterIpSetsIpset.reads;
const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
const awks = ['mawk', 'busybox', 'gawk', 'original-awk', 'bwk'].filter((name) => where(name) !== '');
/** busybox's shell runs its own awk, wherever another lies in the path. */
const engines = shells.flatMap(([name, argv]) =>
  (name === 'bash' ? ['mawk'] : name === 'dash' ? awks : ['busybox']).map((awk) => ({ awk, name, argv })),
);
type Engine = (typeof engines)[number];

/** Runs a read in a network namespace of its own, after `before` there; behind it `after` tells on standard error. */
const inSpace = async (
  one: ScriptRead,
  before: string,
  { awk, argv }: Engine = { awk: 'mawk', name: 'dash', argv: ['dash', '-s'] },
  after = ':',
): Promise<Collected> => {
  needRoot();
  const bin = tempDir();
  symlinkSync(where(awk), join(bin, 'awk'));
  const script = `{ ${before}\n} </dev/null >/dev/null 2>&1; PATH=${bin}:$PATH; "$@"; code=$?; { ${after}\n} >&2; exit $code`;
  const c = await collect([one], {
    argv: ['unshare', '--net', 'sh', '-c', script, 'sh', ...argv],
    env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  expect(c.end.complete).toBe(true);
  return c;
};
const raw = (c: Collected, one: ScriptRead = read) => c.raws.get(one.id) ?? none();
const rulesIn = (c: Collected): IptablesRules => {
  const r = rulesProc.parse({ all: raw(c) });
  if (!r.ok) throw new Error(told(r) as string);
  return r.value;
};

const recorded = rawLines('iptables-nft-save-nat.debian-12.iptables-1.8.9.kube-proxy-1.34.txt');
const restore = (tool: string, lines: readonly string[]): string => `${tool}-restore <<'end'\n${lines.join('\n')}\nend`;
const hostile = [
  '*filter',
  ':KUBE-FIREWALL - [0:0]',
  '-A INPUT -m comment --comment "x -j KUBE-NOWHERE\t#whole" -j KUBE-FIREWALL',
  '-A KUBE-FIREWALL -m comment --comment "a \\" quoted\\\\" -j DROP',
  'COMMIT',
];

describe.each(engines)('$name with awk of $awk', (engine) => {
  it('where there are no tables, none are told and none are made', async () => {
    const c = await inSpace(
      read,
      ':',
      engine,
      'cat /proc/net/ip_tables_names /proc/net/ip6_tables_names; nft list tables',
    );
    expect(rulesIn(c)).toEqual({ sets: [], unread: [] });
    expect(c.stderr.trim()).toBe('');
    expect(told(processProc.parse({ all: raw(c) }))).toBeNull();
    expect(told(toolsProc.parse({ all: raw(c) }))).toMatchObject({ proxy: null });
  });

  it('counts, quotes and addresses of both backends, whatever comments say', async () => {
    const c = await inSpace(
      read,
      `${restore('iptables-nft', recorded)}\n${restore('iptables-legacy', hostile)}`,
      engine,
      'cat /proc/net/ip_tables_names; nft list tables',
    );
    const { sets, unread } = rulesIn(c);
    expect(unread).toEqual([]);
    expect(sets.map((s) => `${s.backend} ${s.family} ${s.tool} ${s.cut}`)).toEqual([
      'legacy ipv4 iptables-legacy-save false',
      'nft ipv4 iptables-nft-save false',
    ]);
    const [legacy, nft] = sets;
    expect(legacy?.chains).toEqual([{ table: 'filter', name: 'KUBE-FIREWALL', chains: 1, rules: 1 }]);
    expect(legacy?.rules.map((r) => r.text)).toEqual(hostile.slice(2, 4));
    expect(nft?.chains).toEqual(
      expect.arrayContaining([
        { table: 'nat', name: 'KUBE-SERVICES', chains: 1, rules: 5 },
        { table: 'nat', name: 'KUBE-SVC-*', chains: 4, rules: 8 },
        { table: 'nat', name: 'KUBE-SEP-*', chains: 4, rules: 8 },
      ]),
    );
    expect([...(nft?.destinations ?? [])].sort()).toEqual(['10.96.0.1', '10.96.0.10']);
    expect(nft?.dangling).toEqual([]);
    expect(nft?.rules.map((r) => r.text)).toContain(
      '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    );
    // what was there before is there after, and no more
    expect(c.stderr.trim().split('\n')).toEqual(['filter', 'table ip nat']);
  });

  it('the set of addresses and the table of nftables mode', async () => {
    const table = [
      'table ip kube-proxy {',
      '  set cluster-ips { type ipv4_addr; comment "Active ClusterIPs"; elements = { 10.96.0.1, 10.96.0.10, 10.96.0.11 } }',
      '  map service-ips { type ipv4_addr . inet_proto . inet_service : verdict; elements = { 10.96.0.10 . udp . 53 : goto a, 10.96.0.1 . tcp . 443 : goto a } }',
      '  chain a { }',
      '  chain services { ip daddr . meta l4proto . th dport vmap @service-ips; }',
      '  chain nat-output { type nat hook output priority -100; jump services; }',
      '  chain nat-prerouting { type nat hook prerouting priority dstnat; jump services; }',
      '  chain masquerading { masquerade fully-random; }',
      '}',
      'table ip6 kube-proxy { }',
    ];
    const c = await inSpace(
      tables,
      `nft -f - <<'end'\n${table.join('\n')}\nend\nipset create KUBE-CLUSTER-IP hash:ip,port; for p in udp:53 tcp:53; do ipset add KUBE-CLUSTER-IP 10.96.0.10,$p; done`,
      engine,
    );
    expect(told(clusterIpSetsIpset.parse({ tables: raw(c, tables) }))).toEqual([
      { family: 'ipv4', name: 'KUBE-CLUSTER-IP', ips: ['10.96.0.10'] },
      { family: 'ipv6', name: 'KUBE-6-CLUSTER-IP', ips: null },
    ]);
    const found = nftTablesNft.parse({ tables: raw(c, tables) });
    expect(found.ok && found.value.map((t) => ({ ...t, ips: [...t.ips].sort() }))).toEqual([
      { family: 'ipv4', services: 2, ips: ['10.96.0.1', '10.96.0.10', '10.96.0.11'], masquerades: true, hooked: true },
      { family: 'ipv6', services: 0, ips: [], masquerades: false, hooked: false },
    ]);
  });

  it("kube-proxy's iptables is what its PATH leads to inside its root, and is not run", async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'bin'));
    copyFileSync(where('sleep'), join(dir, 'kube-proxy'));
    symlinkSync('other', join(dir, 'bin/iptables'));
    symlinkSync('xtables-legacy-multi', join(dir, 'bin/other'));
    writeFileSync(join(dir, 'bin/xtables-legacy-multi'), `#!/bin/sh\ntouch ${dir}/run\n# v1.6.2\n11.8.9.1 1.6.2`, {
      mode: 0o755,
    });
    const c = await inSpace(
      read,
      `chmod +x ${dir}/kube-proxy; PATH=nowhere:/nowhere:${dir}/bin:/usr/sbin ${dir}/kube-proxy 30 & p=$!; sleep 0.3`,
      engine,
      `kill $p; ls ${dir}`,
    );
    expect(told(toolsProc.parse({ all: raw(c) }))).toMatchObject({
      proxy: {
        backend: 'legacy',
        path: `${dir}/bin/iptables`,
        file: `${dir}/bin/xtables-legacy-multi`,
        version: '1.6.2',
      },
    });
    expect(told(processProc.parse({ all: raw(c) }))).toMatchObject({ name: 'kube-proxy', version: null });
    expect(c.stderr.trim().split('\n').sort()).toEqual(['bin', 'kube-proxy']);
  });
});

describe('iptables', () => {
  it('20,000 rules are one pass of some seconds', async () => {
    const lines = ['*nat', ':KUBE-SERVICES - [0:0]'];
    for (let i = 0; i < 5000; i++) lines.push(`:KUBE-SVC-${i} - [0:0]`, `:KUBE-SEP-${i} - [0:0]`);
    for (let i = 0; i < 5000; i++) {
      const ip = `10.${96 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
      lines.push(
        `-A KUBE-SERVICES -d ${ip}/32 -p tcp -m comment --comment "ns/svc-${i}:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-${i}`,
        `-A KUBE-SVC-${i} ! -s 10.244.0.0/16 -d ${ip}/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x4000/0x4000`,
        `-A KUBE-SVC-${i} -m comment --comment "ns/svc-${i}:http -> 10.244.1.1:80" -j KUBE-SEP-${i}`,
        `-A KUBE-SEP-${i} -p tcp -m tcp -j DNAT --to-destination 10.244.1.1:80`,
      );
    }
    const file = join(tempDir(), 'rules');
    writeFileSync(file, `${[...lines, 'COMMIT'].join('\n')}\n`);
    const c = await inSpace(read, `iptables-legacy-restore <${file}`);
    const [set] = rulesIn(c).sets;
    expect(set?.destinations).toHaveLength(5000);
    expect(set?.chains.find((x) => x.name === 'KUBE-SVC-*')).toMatchObject({ chains: 5000, rules: 10000 });
    expect(set?.cut).toBe(false);
    expect(raw(c).ok && Buffer.byteLength(c.stdout)).toBeLessThan(200_000);
  }, 60_000);

  it('legacy tables on a node without a legacy tool are told as not readable', async () => {
    const node = bareNode(
      ['dash', '-s'],
      ['awk=mawk', 'cat', 'grep', 'ls', 'readlink', 'sort', 'tr', 'sh=dash', 'sleep', 'id', 'uname'],
    );
    const c = await collect([read], {
      argv: ['unshare', '--net', 'sh', '-c', 'iptables-legacy -t nat -N X; exec "$@"', 'sh', ...node],
    });
    const { sets, unread } = rulesIn(c);
    expect(sets).toEqual([]);
    expect(unread).toEqual([
      expect.objectContaining({ backend: 'legacy', family: 'ipv4', kind: 'tool-missing', tables: 'nat' }),
      ...unread.slice(1),
    ]);
  });
});

describe('what a part of the answer means', () => {
  it.each<[string, string, string]>([
    ['not permitted', 'unread\tnft\tipv4\tfailed\tnat\tOperation not permitted (you must be root)', 'forbidden'],
    ['too slow', 'unread\tnft\tipv4\tfailed\tnat\tno answer within 10 s', 'timeout'],
    ['a table of another tool', "unread\tnft\tipv6\tunsupported\tnat\t# Table `nat' is incompatible", 'unsupported'],
    ['anything else', 'unread\tlegacy\tipv6\tfailed\tnat\t', 'failed'],
  ])('%s', (_, line, kind) =>
    expect(told(rulesProc.parse({ all: said(`${line}\nproxy\n`) }))).toMatchObject({ sets: [], unread: [{ kind }] }),
  );
  it('a set with all that may be there', () =>
    expect(
      told(
        rulesProc.parse({
          all: said(
            'chains\tnat\tX\t1\t1\nset\tlegacy\tipv6\tip6tables-save\nchains\tnat\tKUBE-X\tx\t1\ndangling\tnat\tA\tKUBE-MARK-DROP\nto\tfd00::1 zz \ncut\nrule\tnat\t-A X\t"tab"\nproxy\n',
          ),
        }),
      ),
    ).toEqual({
      sets: [
        {
          backend: 'legacy',
          family: 'ipv6',
          tool: 'ip6tables-save',
          chains: [],
          dangling: [{ table: 'nat', from: 'A', to: 'KUBE-MARK-DROP' }],
          rules: [{ table: 'nat', chain: 'X', words: ['tab'], text: '-A X\t"tab"' }],
          destinations: ['fd00::1'],
          cut: true,
        },
      ],
      unread: [],
    }));
  it('an answer without its end is none', () => {
    for (const p of [rulesProc, toolsProc, processProc]) {
      expect(kindOf(p.parse({ all: said('set\tnft\tipv4\tx\n') }))).toBe('unparsable');
      expect(kindOf(p.parse({ all: none('timeout') }))).toBe('timeout');
    }
    for (const p of [clusterIpSetsIpset, nftTablesNft]) {
      expect(kindOf(p.parse({ tables: said('nft\tip\t1\t1\t1\n') }))).toBe('unparsable');
      expect(kindOf(p.parse({ tables: said('cut\nend\n') }))).toBe('truncated');
      expect(kindOf(p.parse({ tables: none('not-chosen') }))).toBe('not-chosen');
    }
  });
  it.each<[string, string, unknown]>([
    [
      'no ip_set in the kernel',
      'ipsets',
      [expect.objectContaining({ ips: null }), expect.objectContaining({ ips: null })],
    ],
    [
      'no ipset',
      "ipset\tKUBE-CLUSTER-IP\tfailed\tchroot: can't execute 'ipset': No such file or directory",
      'tool-missing',
    ],
    ['not allowed', 'ipset\tKUBE-CLUSTER-IP\tfailed\tKernel error received: Operation not permitted', 'forbidden'],
    ['another failure', 'ipset\tKUBE-CLUSTER-IP\tfailed\t', 'failed'],
    ['nothing of it', '', 'failed'],
  ])('ipset: %s', (_, line, want) =>
    expect(kindOf(clusterIpSetsIpset.parse({ tables: said(`${line}\nend\n`) }))).toEqual(want),
  );
  it.each<[string, string, unknown]>([
    ['no table', '', []],
    ['no nft', "nft\tfailed\tchroot: can't execute 'nft': No such file or directory", 'tool-missing'],
    ['not allowed', 'nft\tfailed\tOperation not permitted', 'forbidden'],
    ['another failure', 'nft\tfailed\t', 'failed'],
    ['bent', 'nft\tip\tx\t1\t1', 'unparsable'],
  ])('nft: %s', (_, line, want) =>
    expect(kindOf(nftTablesNft.parse({ tables: said(`${line}\nend\n`) }))).toEqual(want),
  );
  it.each<[string, unknown]>([
    ['proxy', null],
    [
      'proxy\t5\tkube-proxy\t7\tpod\tv1.34.4',
      { pid: 5, name: 'kube-proxy', ageSeconds: 7, runBy: { kind: 'pod' }, version: 'v1.34.4' },
    ],
    [
      'proxy\t5\tk3s\t7\tk3s.service\t',
      expect.objectContaining({ runBy: { kind: 'unit', unit: 'k3s.service' }, version: null }),
    ],
    ["proxy\t5\tk3s\t7\ta'; rm -rf x.service\tzz", expect.objectContaining({ runBy: null, version: null })],
    ['proxy\t5\tkube-proxy\t\t\t', 'unparsable'],
  ])('process: %j', (line, want) => expect(kindOf(processProc.parse({ all: said(`${line}\n`) }))).toEqual(want));
  it.each<[string, unknown]>([
    ['/usr/sbin/xtables-nft-multi\t1.8.9', { backend: 'nft', version: '1.8.9' }],
    ['/usr/sbin/xtables-multi\t', { backend: 'legacy', version: null }],
    ['/usr/sbin/iptables-wrapper\t', { backend: null }],
  ])('tool: %j', (file, want) =>
    expect(
      told(toolsProc.parse({ all: said(`host\tlegacy\tiptables v1.6\nproxy\t5\nbin\t/sbin/iptables\t${file}\n`) })),
    ).toMatchObject({
      host: { backend: 'legacy' },
      proxy: want,
    }),
  );
});

describe('addresses of Services', () => {
  const item = (name: string, spec: object, labels: object = {}, created = '2026-01-01T00:00:00Z') => ({
    metadata: { namespace: 'a', name, labels, creationTimestamp: created },
    spec,
  });
  it('of both families, but none of headless Services and those of other proxies', () => {
    const items = [
      item('both', { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1', 'FD00::1'] }),
      item('old', { clusterIP: '10.0.0.2' }, {}, ''),
      item('headless', { clusterIP: 'None', clusterIPs: ['None'] }),
      item('external', { type: 'ExternalName', clusterIP: '10.0.0.9' }),
      item('other', { clusterIP: '10.0.0.3' }, { 'service.kubernetes.io/service-proxy-name': 'x' }),
      item('none', { clusterIP: '10.0.0.4' }, { 'service.kubernetes.io/headless': '' }),
      item('empty', {}),
      null,
    ];
    expect(told(clusterIpsKube.parse({ services: json({ items }) }))).toEqual([
      { ip: '10.0.0.1', service: 'a/both', ageSeconds: 0 },
      { ip: 'fd00::1', service: 'a/both', ageSeconds: 0 },
      { ip: '10.0.0.2', service: 'a/old', ageSeconds: null },
    ]);
  });
  it.each<[string, ReturnType<typeof json>, string]>([
    ['of a bundle that does not have them', json({ items: [item('x', {})] }), 'not-collected'],
    ['not an answer', said('x'), 'unparsable'],
    ['forbidden', none('forbidden'), 'forbidden'],
  ])('%s', (_, services, kind) => expect(kindOf(clusterIpsKube.parse({ services }))).toBe(kind));
});
