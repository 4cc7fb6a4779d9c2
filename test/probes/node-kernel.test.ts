import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ScriptRead } from '../../src/core/read.ts';
import { modulesProc } from '../../src/probes/kernel/modules.proc.ts';
import { neighbourChangesProc } from '../../src/probes/kernel/neighbour-changes.proc.ts';
import { neighbourTablesProc } from '../../src/probes/kernel/neighbour-tables.proc.ts';
import { reversePathFilterProc } from '../../src/probes/kernel/reverse-path-filter.proc.ts';
import { softnetProc } from '../../src/probes/kernel/softnet.proc.ts';
import { softnetChangesProc } from '../../src/probes/kernel/softnet-changes.proc.ts';
import { configuredModeLive } from '../../src/probes/kube-proxy/configured-mode.live.ts';
import { bridgeNetfilterProc } from '../../src/probes/network/bridge-netfilter.proc.ts';
import { deviceChangesProc } from '../../src/probes/network/device-changes.proc.ts';
import { deviceCountersProc } from '../../src/probes/network/device-counters.proc.ts';
import { shutdownConfigProc } from '../../src/probes/node/shutdown-config.proc.ts';
import { gracePeriodsKube } from '../../src/probes/workloads/grace-periods.kube.ts';
import { collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { json, kindOf, none, said, told } from './raws.ts';

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
const awks = ['mawk', 'busybox', 'gawk', 'original-awk'].filter(
  (a) => a === 'mawk' || a === 'busybox' || where(a) !== '',
);
/** busybox's shell runs its own awk. */
const engines = shells.flatMap(([name, argv]) =>
  (name === 'busybox sh' ? ['busybox'] : name === 'bash' ? ['mawk'] : awks).map((awk) => ({ name, awk, argv })),
);
type Engine = (typeof engines)[number];

interface Where {
  /** A command before the shell. */
  readonly inside?: readonly string[];
  readonly hostRoot?: string;
  /** Texts of the script, for others: tables in a directory instead of the kernel's. */
  readonly instead?: Readonly<Record<string, string>>;
}

const run = async (read: ScriptRead, { awk, argv }: Engine, o: Where = {}) => {
  const bin = tempDir();
  symlinkSync(where(awk), join(bin, 'awk'));
  const script = Object.entries(o.instead ?? {}).reduce((s, [from, to]) => s.replaceAll(from, to), read.script);
  const moved = { ...read, script, sampling: 'once' as const };
  const c = await collect([moved], {
    argv: [...(o.inside ?? []), ...argv],
    hostRoot: o.hostRoot ?? '',
    env: { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin` },
  });
  return c.raws.get(read.id) ?? none();
};

const write = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};
const must = (...argv: readonly [string, ...string[]]): void => {
  const done = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${argv.join(' ')}: ${done.stderr}`);
};

let count = 0;
const namespace = (): string => {
  needRoot();
  const name = `nd-kernel-${process.pid}-${count++}`;
  must('ip', 'netns', 'add', name);
  onTestFinished(() => must('ip', 'netns', 'del', name));
  must('ip', '-n', name, 'link', 'set', 'lo', 'up');
  return name;
};
const inside = (name: string, ...argv: readonly string[]): [string, ...string[]] => [
  'ip',
  'netns',
  'exec',
  name,
  ...argv,
];

let children: ChildProcess[] = [];
afterEach(() => {
  for (const c of children) if (c.pid) process.kill(-c.pid, 'SIGKILL');
  children = [];
});
const start = async (...argv: readonly string[]): Promise<number> => {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  children.push(child);
  for await (const chunk of child.stdout) if (String(chunk).includes('\n')) break;
  return child.pid ?? 0;
};

describe.each(engines)('$name with awk of $awk', (engine) => {
  it('rp_filter of each interface, as it takes effect; names with dots', async () => {
    const name = namespace();
    must('ip', '-n', name, 'link', 'add', 'x0', 'type', 'veth', 'peer', 'name', 'x1');
    must('ip', '-n', name, 'link', 'add', 'x0.7', 'type', 'veth', 'peer', 'name', 'x2');
    must(
      ...inside(
        name,
        'sysctl',
        '-qw',
        'net.ipv4.conf.all.rp_filter=1',
        'net.ipv4.conf.x0.rp_filter=2',
        'net.ipv4.conf.x1.rp_filter=0',
        'net.ipv4.conf.x0/7.rp_filter=0',
        'net.ipv4.conf.x2.rp_filter=0',
      ),
    );
    const list = await run(reversePathFilterProc.reads.list, engine, { inside: inside(name) });
    const found = reversePathFilterProc.parse({ list });
    expect(found.ok && found.value.all).toBe(1);
    expect(found.ok && found.value.interfaces.map((i) => `${i.name} ${i.effective}`).sort()).toEqual([
      'x0 2',
      'x0.7 1',
      'x1 1',
      'x2 1',
    ]);
  });

  it('pods on a bridge, of both families, and those that are not', async () => {
    const [host, pod, routed] = [namespace(), namespace(), namespace()];
    must('ip', '-n', host, 'link', 'add', 'cni0', 'type', 'bridge');
    must('ip', '-n', host, 'addr', 'add', '10.9.8.1/24', 'dev', 'cni0');
    must('ip', '-n', host, 'addr', 'add', 'fd00:9::1/64', 'dev', 'cni0', 'nodad');
    must('ip', '-n', host, 'link', 'add', 'docker0', 'type', 'bridge');
    must('ip', '-n', host, 'addr', 'add', '172.17.0.1/16', 'dev', 'docker0');
    for (const [i, to] of [pod, routed].entries()) {
      must('ip', '-n', host, 'link', 'add', `v${i}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', to);
      must('ip', '-n', host, 'link', 'set', `v${i}`, 'up');
      must('ip', '-n', to, 'link', 'set', 'eth0', 'up');
    }
    must('ip', '-n', host, 'link', 'set', 'v0', 'master', 'cni0');
    for (const b of ['cni0', 'docker0']) must('ip', '-n', host, 'link', 'set', b, 'up');
    must('ip', '-n', pod, 'addr', 'add', '10.9.8.2/24', 'dev', 'eth0');
    must('ip', '-n', pod, 'route', 'add', 'default', 'via', '10.9.8.1');
    must('ip', '-n', pod, 'addr', 'add', 'fd00:9::2/64', 'dev', 'eth0', 'nodad');
    must('ip', '-n', pod, 'route', 'add', 'default', 'via', 'fd00:9::1');
    // as Calico does it: a /32, and a gateway that is on link by a route of its own
    must('ip', '-n', routed, 'addr', 'add', '10.9.8.3/32', 'dev', 'eth0');
    must('ip', '-n', routed, 'route', 'add', '169.254.1.1', 'dev', 'eth0', 'scope', 'link');
    must('ip', '-n', routed, 'route', 'add', 'default', 'via', '169.254.1.1', 'dev', 'eth0');
    const pids = [
      await start(...inside(pod, 'sh', '-c', 'echo up; read x')),
      await start(...inside(routed, 'sh', '-c', 'echo up; read x')),
    ];
    const cgroups = tempDir();
    for (const pid of pids) write(cgroups, { [`${pid}/cgroup`]: '0::/kubepods/besteffort/pod1/x\n' });
    const instead = { 'f = "/proc/" $2 "/cgroup"': `f = "${cgroups}/" $2 "/cgroup"` };
    const list = await run(bridgeNetfilterProc.reads.list, engine, { inside: inside(host), instead });
    const found = bridgeNetfilterProc.parse({ list });
    expect(found.ok && found.value.bridges.map((b) => [b.name, b.pods.ipv4, b.pods.ipv6])).toEqual([
      ['cni0', 1, 1],
      ['docker0', 0, 0],
    ]);
    // what is no pod does not count
    const other = bridgeNetfilterProc.parse({
      list: await run(bridgeNetfilterProc.reads.list, engine, { inside: inside(host) }),
    });
    expect(other.ok && other.value.bridges.map((b) => b.pods.ipv4)).toEqual([0, 0]);
  });

  it('no bridge', async () => {
    const list = await run(bridgeNetfilterProc.reads.list, engine, { inside: inside(namespace()) });
    expect(told(bridgeNetfilterProc.parse({ list }))).toMatchObject({ bridges: [] });
  });

  describe('modules', () => {
    const release = spawnSync('uname', ['-r'], { encoding: 'utf8' }).stdout.trim();
    const files = {
      [`lib/modules/${release}/modules.dep`]:
        'kernel/net/netfilter/xt_mark.ko.xz: kernel/net/netfilter/x_tables.ko.xz\nkernel/net/netfilter/ipvs/ip_vs.ko:\nkernel/x/nft-ct.ko.zst:\n',
      [`lib/modules/${release}/modules.builtin`]: 'kernel/net/netfilter/nf_nat.ko\n',
      modules: 'ip_vs 200704 4 ip_vs_rr, Live 0xffffffffc0a00000\nip_set_hash_ip 53248 1 - Live 0x0000000000000000\n',
    };
    const states = async (names: readonly string[], drop?: string) => {
      const root = tempDir();
      write(root, Object.fromEntries(Object.entries(files).filter(([f]) => !drop || !f.includes(drop))));
      const list = await run(modulesProc.reads.list, engine, {
        hostRoot: root,
        instead: { '/proc/modules': drop === 'modules' ? '/none' : join(root, 'modules') },
      });
      const found = modulesProc.parse({ list });
      return found.ok ? [found.value.modular, ...names.map((n) => found.value.states[n])] : found.gap;
    };
    const names = ['ip_vs', 'ip_set_hash_ip', 'xt_mark', 'nft_ct', 'ip_set_bitmap_port'];
    it('loaded, loadable, missing', async () =>
      expect(await states(names)).toEqual([true, 'loaded', 'loaded', 'loadable', 'loadable', 'missing']));
    it('without the list of what is built in nothing is missing', async () =>
      expect(await states(names, 'builtin')).toEqual([true, 'loaded', 'loaded', 'unknown', 'unknown', 'unknown']));
  });

  it('neighbours: by the names of the columns, hexadecimal, the CPUs added up', async () => {
    const root = tempDir();
    write(root, {
      'stat/arp_cache':
        'entries  allocs   table_fulls forced_gc_runs\n0000ffff 00000003 00000001 ffffffff\n0000ffff 00000001 0000000a 00000001\n',
      'stat/ndisc_cache': 'entries,allocs is old\n',
      'ipv4/neigh/default/gc_thresh1': '80000\n',
      'ipv4/neigh/default/gc_thresh2': '90000\n',
      'ipv4/neigh/default/gc_thresh3': '100000\n',
    });
    const instead = { '/proc/net/stat/': `${root}/stat/`, '/proc/sys/net/': `${root}/` };
    const samples = await run(neighbourTablesProc.reads.samples, engine, { instead });
    expect(told(neighbourTablesProc.parse({ samples }))).toEqual([
      { family: 'ipv4', entries: 65535, tableFulls: 11, forcedGcRuns: 4294967296, thresholds: [80000, 90000, 100000] },
    ]);
  });

  it('neighbours in a network namespace that is not the machine’s: none, and that is known', async () => {
    const samples = await run(neighbourTablesProc.reads.samples, engine, { inside: inside(namespace()) });
    expect(told(neighbourTablesProc.parse({ samples }))).toEqual([]);
  });

  it('network cards: those with hardware behind them', async () => {
    const root = tempDir();
    const names = [
      'rx_packets',
      'tx_packets',
      'rx_missed_errors',
      'rx_fifo_errors',
      'rx_crc_errors',
      'rx_dropped',
      'tx_dropped',
    ];
    for (const d of ['eth0', 'veth1', 'old0'])
      write(
        root,
        Object.fromEntries(
          names.slice(d === 'old0' ? 1 : 0).map((n, i) => [`${d}/statistics/${n}`, `${i + 1}0000000000\n`]),
        ),
      );
    write(root, { 'eth0/device/x': '', 'old0/device/x': '' });
    const samples = await run(deviceCountersProc.reads.samples, engine, { instead: { '/sys/class/net': root } });
    const found = deviceCountersProc.parse({ samples });
    expect(found.ok && found.value.map((d) => [d.name, d.counts.rx_packets, d.counts.tx_dropped])).toEqual([
      ['eth0', 1e10, 7e10],
    ]);
  });

  it('softnet_stat of this machine', async () => {
    const samples = await run(softnetProc.reads.samples, engine);
    const found = softnetProc.parse({ samples });
    expect(found.ok && found.value.cpus.length).toBeGreaterThan(0);
    expect(found.ok && found.value.cpus.some((c) => c.processed > 0)).toBe(true);
  });

  describe('graceful shutdown', () => {
    const read = shutdownConfigProc.reads.list;
    const of = async (files: Readonly<Record<string, string>>, ...flags: string[]) => {
      const [name, root] = [namespace(), tempDir()];
      chmodSync(root, 0o755);
      write(root, files);
      copyFileSync('/usr/bin/dash', join(root, 'kubelet'));
      await start(
        ...inside(
          name,
          join(root, 'kubelet'),
          '-c',
          'echo up; read -r line',
          'x',
          ...flags.map((f) => f.replace('ROOT', root)),
        ),
      );
      // kubelet's own files are found through its root, which is this machine's
      const raw = await run(read, engine, { inside: inside(name), hostRoot: root });
      const text = raw.ok ? raw.outputs[0].stdout : raw.gap.detail;
      return { text, found: told(shutdownConfigProc.parse({ list: raw })) };
    };
    const priorities = [
      { priority: 0, seconds: 60 },
      { priority: 1000, seconds: 5 },
    ];

    it('YAML: its three keys, and nothing else leaves the node', async () => {
      const { text, found } = await of(
        {
          'c.yaml':
            'kind: KubeletConfiguration\nauthentication: {x: s3cret}\nshutdownGracePeriod: 60s # s3cret\n"shutdownGracePeriodCriticalPods": "20s"\nstaticPodURLHeader:\n  shutdownGracePeriod: [s3cret]\n',
        },
        '--config=ROOT/c.yaml',
      );
      expect(found).toMatchObject({ graceSeconds: 60, criticalSeconds: 20, byPriority: [] });
      expect(text).not.toMatch(/s3cret|Authentication|staticPod/);
    });

    it.each([
      [
        'a list',
        'shutdownGracePeriodByPodPriority:\n- priority: 1000\n  shutdownGracePeriodSeconds: 5\n# s3cret\n- shutdownGracePeriodSeconds: 60 # s3cret\n  priority: 0\nother: [s3cret]\n',
      ],
      [
        'indented, last',
        'other: s3cret\nshutdownGracePeriodByPodPriority:\n  - priority: 1000\n    shutdownGracePeriodSeconds: 5\n\n  - priority: 0\n    shutdownGracePeriodSeconds: 60',
      ],
      [
        'in one line',
        'shutdownGracePeriodByPodPriority: [{priority: 1000, shutdownGracePeriodSeconds: 5}, {priority: 0, shutdownGracePeriodSeconds: 60}]\nx: s3cret\n',
      ],
      [
        'in brackets over lines',
        'shutdownGracePeriodByPodPriority: [\n  {priority: 1000, shutdownGracePeriodSeconds: 5},\n  {priority: 0, shutdownGracePeriodSeconds: 60}\n]\nx: s3cret\n',
      ],
      [
        'JSON',
        '{\n  "x": "s3cret",\n  "shutdownGracePeriodByPodPriority": [\n    {"priority": 1000, "shutdownGracePeriodSeconds": 5},\n    {"shutdownGracePeriodSeconds": 60, "priority": 0}\n  ]\n}\n',
      ],
    ])('by priority: %s', async (_, text) => {
      const got = await of({ c: text }, '--config', 'ROOT/c');
      expect(got.found).toMatchObject({ byPriority: priorities });
      expect(got.text).not.toMatch(/s3cret/);
    });

    it('JSON in one line, drop-ins that count more, and logind’s files by name and place', async () => {
      const { found } = await of(
        {
          c: '{"kind":"KubeletConfiguration","shutdownGracePeriod":"10s","shutdownGracePeriodCriticalPods":"1s","x":"s3cret"}',
          'd/10-a.conf': 'shutdownGracePeriod: 20s\n',
          'd/20-b.conf': 'shutdownGracePeriod: 30s\r\n',
          'd/30-c.txt': 'shutdownGracePeriod: 40s\n',
          'usr/lib/systemd/logind.conf': '[Login]\nInhibitDelayMaxSec=1\n',
          'etc/systemd/logind.conf': '[Login]\n#InhibitDelayMaxSec=2\nInhibitDelayMaxSec=3\n',
          'etc/systemd/logind.conf.d/50-a.conf': '[Login]\nInhibitDelayMaxSec=30\n',
          'usr/lib/systemd/logind.conf.d/99-kubelet.conf': '[Login]\nInhibitDelayMaxSec=4\n',
          'etc/systemd/logind.conf.d/99-kubelet.conf': '[Login]\nInhibitDelayMaxSec=31\n',
        },
        '--config-dir=ROOT/d',
        '--config=ROOT/c',
      );
      expect(found).toMatchObject({
        graceSeconds: 30,
        criticalSeconds: 1,
        inhibit: { seconds: 31, source: '/etc/systemd/logind.conf.d/99-kubelet.conf' },
      });
    });

    it('no file, no kubelet, a file that is not there', async () => {
      expect((await of({})).found).toMatchObject({ file: null, graceSeconds: 0 });
      const list = await run(read, engine, { inside: inside(namespace()) });
      expect(told(shutdownConfigProc.parse({ list }))).toBeNull();
      expect((await of({}, '--config=ROOT/none')).found).toMatch(/none/);
    });
  });
});

describe('what was printed', () => {
  it.each([
    [
      '1\tall\n0\teth0\n2\tcni0\n1\tdefault\n0\tlo\n',
      {
        all: 1,
        interfaces: [
          { name: 'eth0', effective: 1 },
          { name: 'cni0', effective: 2 },
        ],
      },
    ],
    ['0\tall\nx\teth0\n', { all: 0, interfaces: [] }],
    ['0\teth0\n', 'unparsable'],
    ['3\tall\n', 'unparsable'],
    ['0\tall\ncut\n', 'truncated'],
  ])('rp_filter %j', (text, want) => expect(kindOf(reversePathFilterProc.parse({ list: said(text) }))).toEqual(want));

  it('differences of neighbours; what went backwards is not known', () => {
    const table = (full: string, runs: string, family = 'ipv4') => `table\t${family}\t5\t${full}\t${runs}\t1\t2\t3\n`;
    const samples = said(`${table('1', '9')}end\n`, `${table('4', '8')}${table('0', '0', 'ipv6')}end\n`);
    expect(told(neighbourChangesProc.parse({ samples }))).toEqual({
      seconds: 0.25,
      tables: [{ family: 'ipv4', entries: 5, tableFulls: 3, forcedGcRuns: null, thresholds: [1, 2, 3] }],
    });
    expect(kindOf(neighbourChangesProc.parse({ samples: said('end\n') }))).toBe('not-chosen');
    expect(kindOf(neighbourChangesProc.parse({ samples: said('end\n', 'x') }))).toBe('unparsable');
  });

  it('neighbours of a real overflow: Linux 6.1 with gc_thresh3 4, twelve addresses that nobody has', () => {
    const samples = said(
      'table\tipv4\t4\t45\t76\t128\t512\t1024\ntable\tipv6\t13\t0\t0\t128\t512\t1024\nend\n',
      'table\tipv4\t4\t75\t120\t1\t2\t4\ntable\tipv6\t7\t0\t0\t128\t512\t1024\nend\n',
    );
    const found = neighbourChangesProc.parse({ samples });
    expect(found.ok && found.value.tables.map((t) => [t.family, t.tableFulls, t.forcedGcRuns])).toEqual([
      ['ipv4', 30, 44],
      ['ipv6', 0, 0],
    ]);
  });

  it('differences of cards; one that was reset is not in it', () => {
    const card = (name: string, n: number) => `device\t${name}\t${Array(7).fill(n).join('\t')}\n`;
    const samples = said(`${card('a', 5)}${card('b', 5)}end\n`, `${card('a', 7)}${card('b', 1)}${card('c', 1)}end\n`);
    const found = deviceChangesProc.parse({ samples });
    expect(found.ok && found.value.devices.map((d) => [d.name, d.counts.tx_dropped])).toEqual([['a', 2]]);
    expect(kindOf(deviceChangesProc.parse({ samples: said('end\n', 'cut\n') }))).toBe('truncated');
    expect(kindOf(deviceChangesProc.parse({ samples: said('x', 'end\n') }))).toBe('unparsable');
  });

  it('differences of softnet_stat: 32 bits; a CPU that was away is not in it', () => {
    const row = (cpu: string, done: string, dropped: string) =>
      `${done} ${dropped} 00000000 ${'00000000 '.repeat(9)}${cpu}\n`;
    const samples = said(
      `backlog\t1\n${row('0', 'fffffffe', '1')}${row('1', '1', '5')}`,
      `backlog\t2\n${row('0', '00000003', '4')}${row('1', '1', '2')}${row('2', '1', '9')}`,
    );
    expect(told(softnetChangesProc.parse({ samples }))).toEqual({
      seconds: 0.25,
      maxBacklog: 2,
      cpus: [{ cpu: 0, processed: 5, dropped: 3, timeSqueezes: 0 }],
    });
  });

  it('grace periods of pods that have not ended', () => {
    const pod = (name: string, phase: string, spec: object) => ({
      metadata: { namespace: 'shop', name },
      spec,
      status: { phase },
    });
    const items = [
      pod('a', 'Running', { terminationGracePeriodSeconds: 5, priority: 7 }),
      pod('b', 'Pending', { terminationGracePeriodSeconds: 6 }),
      pod('c', 'Succeeded', { terminationGracePeriodSeconds: 7 }),
      pod('d', 'Running', {}),
    ];
    expect(told(gracePeriodsKube.parse({ pods: json({ items }) }))).toEqual([
      { namespace: 'shop', name: 'a', seconds: 5, priority: 7 },
      { namespace: 'shop', name: 'b', seconds: 6, priority: 0 },
    ]);
  });

  describe('the configured mode', () => {
    const proxy = 'agent\t8\tkube-proxy\n';
    const config = json({ data: { 'config.conf': 'mode: "ipvs"\n' } });
    it.each([
      ['its own word', said(`${proxy}flag\t8\tproxy-mode=nftables\n`), config, { mode: 'nftables' }],
      ['a file that was read', said(`${proxy}flag\t8\tconfig=/x\nconfig\t8\tmode="ipvs"\n`), none(), { mode: 'ipvs' }],
      [
        'a file that was not: the ConfigMap',
        said(`${proxy}flag\t8\tconfig=/x\n`),
        config,
        { mode: 'ipvs', source: 'ConfigMap kube-system/kube-proxy' },
      ],
      ['neither', said(`${proxy}flag\t8\tconfig=/x\n`), none(), 'failed'],
      ['no process: the ConfigMap', said('agent\t1\tkubelet\n'), config, { mode: 'ipvs' }],
      ['k3s', said('agent\t1\tk3s-server\n'), none(), null],
      ['nothing read', none('failed'), none(), 'failed'],
    ])('%s', (_, agents, map, want) => {
      const found = kindOf(configuredModeLive.parse({ agents, config: map }));
      if (typeof want === 'object' && want !== null) expect(found).toMatchObject(want);
      else expect(found).toEqual(want);
    });
  });
});
