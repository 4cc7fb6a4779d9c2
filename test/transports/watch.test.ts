import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { WatchEvent } from '../../src/core/watch.ts';
import { parseWatchFrame } from '../../src/parsers/watch-frame.ts';
import { watchedSuspects } from '../../src/parsers/watched-suspects.ts';
import { watchFrames } from '../../src/transports/watch/frames.ts';
import { writeWatch } from '../../src/transports/watch/program.ts';
import { bareNode, leftOf, needRoot, newNonce, type Run, runShell, shells, tempDir } from './collector/run-program.ts';
import { faults } from './watch-faults.ts';

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();

/** Shells and awks; busybox's shell runs its own awk, wherever another lies in the path. */
const engines = shells.flatMap(([name, argv]) =>
  (name === 'dash'
    ? ['mawk', 'gawk', 'busybox'].filter((a) => where(a) !== '')
    : [name === 'bash' ? 'mawk' : 'busybox']
  ).map((awk) => ({ name, argv, awk })),
);

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

const eventsOf = async (stdout: string, nonce: string) => {
  const events: WatchEvent[] = [];
  const frames = watchFrames(once(stdout), 'watch', nonce);
  for (;;) {
    const next = await frames.next();
    if (next.done) return { events, complete: next.value.complete };
    events.push(...parseWatchFrame(next.value.text, next.value.atSeconds, true));
  }
};

let runs = 0;
const runIdOf = (): string => `t${process.pid}x${runs++}`;

/** The tracefs instances of a run that are there now. */
const instances = (runId: string): string[] => {
  needRoot();
  const script = 'mount -t tracefs t /sys/kernel/tracing && ls /sys/kernel/tracing/instances';
  const { stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
  return stdout.split('\n').filter((l) => l.startsWith(`netdoctor-${runId}-`));
};
const goneWithin = async (runId: string, ms: number): Promise<string[]> => {
  for (let i = 0; i < ms / 250 && instances(runId).length > 0; i++) await sleep(250);
  return instances(runId);
};

interface Watch {
  readonly argv: readonly string[];
  readonly awk?: string;
  readonly seconds: number;
  readonly hostRoot?: '' | '/host';
  readonly edit?: (program: string) => string;
  readonly signal?: Run['signal'];
  /** A directory for its awk. */
  readonly bin?: string;
}
const watch = (w: Watch) => {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  // its first frame comes when all tracepoints are on and all counters were read once
  const done = ended(w, (text) => text.includes('|mode\t') && resolve()).finally(resolve);
  return Object.assign(done, { begun });
};
const ended = async (w: Watch, onText: (soFar: string) => void) => {
  const [nonce, runId] = [newNonce(), runIdOf()];
  const bin = w.bin ?? tempDir();
  if (w.awk) symlinkSync(where(w.awk), join(bin, 'awk'));
  const text = writeWatch({ nonce, runId, seconds: w.seconds, hostRoot: w.hostRoot ?? '' }, 'watch');
  // whatever else this machine does at the time is neither to make it look only now and then nor to crowd out what is told one by one, nor to
  // come between a connect and its drop
  const unhurried = text
    .replaceAll('> 500 ', '> 50000 ')
    .replace('? 10 : 2', '? 100 : 2')
    .replace('>= 5 ', '>= 50 ')
    .replace('opentime[k] <= 0.002)', 'opentime[k] <= 0.1)')
    .replace('gap[k] <= 0.04 ', 'gap[k] <= 1e9 ');
  const ran = await runShell(w.edit?.(unhurried) ?? unhurried, {
    ...{ argv: w.argv, nonce, env: { PATH: `${bin}:${process.env.PATH}` } },
    ...(w.signal ? { signal: w.signal } : {}),
    onText,
  });
  return { ...ran, ...(await eventsOf(ran.stdout, nonce)), nonce, runId };
};

const connects = (events: readonly WatchEvent[], port: number): string[] =>
  events.flatMap((e) =>
    e.kind === 'connect' && e.destination.port === port && e.destination.ip === '10.99.0.2'
      ? [`${e.outcome} ${e.source.ip} ${e.opener?.process}`]
      : [],
  );
const drops = (events: readonly WatchEvent[]): string[] => [
  ...new Set(
    events.flatMap((e) => (e.kind === 'seen' && e.last.kind === 'drop' ? [`${e.last.reason} ${e.last.symbol}`] : [])),
  ),
];
const counters = (events: readonly WatchEvent[], space?: string): string[] =>
  events.flatMap((e) => (e.kind === 'counter' && (space === undefined || e.space === space) ? [e.name] : []));

describe('faults made for real, seen by every shell and awk at the same time', () => {
  let seen: ReadonlyMap<string, Awaited<ReturnType<typeof watch>>>;
  let threads: string;
  let spaces: { readonly client: string; readonly server: string };
  const ends: (() => void)[] = [];
  afterAll(() => {
    for (const end of ends) end();
  });
  beforeAll(async () => {
    needRoot();
    const f = await faults(99, (end) => void ends.push(end));
    // what Node calls its main thread; the process has that name too
    const spaceOf = (pid: number): string => String(statSync(`/proc/${pid}/net/snmp`).ino);
    spaces = { client: spaceOf(f.client.pid), server: spaceOf(f.server.pid) };
    threads = readFileSync('/proc/self/comm', 'utf8').trim();
    const dir = mkdtempSync(join(tmpdir(), 'netdoctor-test-'));
    ends.push(() => rmSync(dir, { recursive: true }));
    const all = engines.map((e) => {
      const bin = join(dir, `${e.name} ${e.awk}`);
      mkdirSync(bin);
      return [`${e.name} ${e.awk}`, watch({ ...e, bin, seconds: 24 })] as const;
    });
    await Promise.all(all.map(([, w]) => w.begun));
    await f.make();
    seen = new Map(await Promise.all(all.map(async ([name, w]) => [name, await w] as const)));
  }, 120_000);

  describe.each(engines)('$name with $awk', ({ name, awk }) => {
    const of = () => {
      const found = seen.get(`${name} ${awk}`);
      if (!found) throw new Error('it did not run');
      return found;
    };
    it('ends at its time, whole, and leaves nothing', async () => {
      const { complete, events, runId, nonce, code } = of();
      expect(complete).toBe(true);
      expect(code).toBe(0);
      expect(events[0]).toMatchObject({
        kind: 'begin',
        by: 'trace',
        tracepoints: expect.arrayContaining(['kfree_skb']),
      });
      expect(events.at(-1)).toMatchObject({ kind: 'end', why: 'time' });
      expect(instances(runId)).toEqual([]);
      expect(await leftOf(nonce)).toEqual([]);
    });
    it('a connect that is refused', () =>
      expect(connects(of().events, 9091)).toEqual([`refused 10.99.0.1 ${threads}`]));
    it('connects to a port that drops: with a second of patience no SYN is sent again, and still it is seen', () => {
      const found = connects(of().events, 9090);
      expect(found).toEqual([
        `no-answer 10.99.0.1 ${threads}`,
        `waiting 10.99.0.1 ${threads}`,
        `no-answer 10.99.0.1 ${threads}`,
      ]);
    });
    it('the rule that drops, strict reverse path filtering, a packet that does not fit', () =>
      expect(drops(of().events)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^NETFILTER_DROP /),
          expect.stringMatching(/^IP_RPFILTER /),
          expect.stringMatching(/^PKT_TOO_BIG /),
        ]),
      ));
    it('which connects these drops hit, and which not', () => {
      const { events } = of();
      const fell = (port: number, outcome: string): unknown[] =>
        events.flatMap((e) =>
          e.kind === 'connect' &&
          e.destination.port === port &&
          e.destination.ip === '10.99.0.2' &&
          e.outcome === outcome
            ? [e.fell?.reason ?? null]
            : [],
        );
      expect(fell(9090, 'no-answer')).toEqual(['NETFILTER_DROP', 'NETFILTER_DROP']);
      expect(fell(9090, 'waiting')).toEqual(['NETFILTER_DROP']);
      expect(fell(10992, 'no-answer')).toEqual(['IP_RPFILTER']);
      expect(fell(9091, 'refused')).toEqual([null]);
      expect(fell(9092, 'refused')).toEqual(['NETFILTER_DROP']);
      expect(new Set(fell(10990, 'waiting'))).toEqual(new Set([null]));
    });
    it('in whose network namespace packets did not fit, came from elsewhere or had no route, and who was told', () => {
      const { events } = of();
      expect(counters(events, spaces.server)).toEqual(
        expect.arrayContaining(['IPReversePathFilter', 'FragFails', 'Ip6InTooBigErrors']),
      );
      expect(counters(events, spaces.client)).toEqual(
        expect.arrayContaining(['InDestUnreachs', 'Icmp6InPktTooBigs', 'OutNoRoutes']),
      );
      expect(counters(events, spaces.client)).not.toContain('FragFails');
    });
    it('a full accept queue: no packet counts as dropped; the SYN is sent again, a counter moves, the listener has a queue', () => {
      const { events } = of();
      expect(connects(events, 10990)).toContain(`waiting 10.99.0.1 ${threads}`);
      expect(counters(events)).toContain('ListenDrops');
      const full = events.flatMap((e) =>
        e.kind === 'waiting' ? [`${e.listener.ip}:${e.listener.port} ${e.connections}`] : [],
      );
      expect(full).toContain('10.99.0.2:10990 2');
    });
    it('a full UDP buffer', () => {
      const { events } = of();
      const ports = events.flatMap((e) => (e.kind === 'seen' && e.last.kind === 'udp-full' ? [e.last.port] : []));
      expect(ports).toContain(10991);
      expect(counters(events)).toContain('RcvbufErrors');
    });
    it('a connection that its peer resets', () => {
      const resets = of().events.flatMap((e) =>
        e.kind === 'reset' && e.source.ip === '10.99.0.2' ? [e.source.port] : [],
      );
      expect(resets).toContain(10992);
    });
  });
});

describe('connections that end as they should', () => {
  const closed = 'NOT_SPECIFIED tcp_v4_rcv';
  const refused = (text: string): string => text.replaceAll('location.function', 'location.no_such');
  const few = (text: string): string => text.replaceAll('> 50000 ', '> 30 ');
  it.each<[string, (text: string) => string, boolean, boolean]>([
    ['are no drops', (text) => text, false, false],
    ['nor where a function is missing', (text) => text.replace('ip6_mc_input', 'no_such_function'), false, false],
    ['are told where the kernel cannot leave them out, and the tracepoint is not lost for it', refused, true, false],
    ['do not hide other drops there, however many they are', (text) => few(refused(text)), true, true],
  ])(
    '%s',
    async (_, edit, told, less) => {
      needRoot();
      const f = await faults(96);
      await f.server.node(
        "require('node:net').createServer((c) => c.resume()).listen(10993, '10.96.0.2', () => console.log('ready'));",
      );
      const watched = watch({ argv: ['dash', '-s'], seconds: 12, edit });
      await watched.begun;
      // as long as the watch: however slow this machine is, many end within one of its looks
      await f.client.node(`
        const connect = () => { const c = require('node:net').connect(10993, '10.96.0.2', () => c.destroy()); c.on('error', () => {}); };
        console.log('ready');
        setInterval(() => { for (let i = 0; i < 20; i++) connect(); }, 100);`);
      await sleep(1500);
      await f.connect(9090, 300);
      const { events } = await watched;
      expect(drops(events)).toContainEqual(expect.stringMatching(/^NETFILTER_DROP /));
      expect(drops(events).includes(closed)).toBe(told);
      expect(events.some((e) => e.kind === 'less' && e.of === 'idle')).toBe(less);
    },
    30_000,
  );
});

describe('the device of drops', () => {
  const passages = (events: readonly WatchEvent[], protocol: 'IPv4' | 'IPv6'): string[] =>
    events.flatMap((e) => {
      if (e.kind !== 'device' || e.drop.reason !== 'NETFILTER_DROP' || e.drop.protocol !== protocol) return [];
      const { way, device, sender } = e.passage;
      return [`${way} ${device} ${sender}`];
    });
  it.each<[string, (text: string) => string]>([
    ['while all packets are looked at', (text) => text.replace('pace * nap <= room', '1')],
    [
      'while they are looked at for a moment now and then',
      (text) => text.replace('pace * nap <= room', '0').replace('burst = room / pace', 'burst = 0.3'),
    ],
  ])(
    '%s; what a process may not send has none',
    async (_, edit) => {
      needRoot();
      const f = await faults(94);
      f.server.run('iptables', '-A', 'INPUT', '-p', 'udp', '--dport', '9', '-j', 'DROP');
      f.client.run('ip6tables', '-A', 'OUTPUT', '-p', 'udp', '--dport', '9', '-j', 'DROP');
      const all = engines.map((e) => [`${e.name} ${e.awk}`, watch({ ...e, seconds: 9, edit })] as const);
      await Promise.all(all.map(([, w]) => w.begun));
      await f.client.node(`
        const [four, six] = ['udp4', 'udp6'].map((type) => require('node:dgram').createSocket(type));
        console.log('ready');
        for (const s of [four, six]) s.on('error', () => {});
        setInterval(() => { four.send('x', 9, '10.94.0.2', () => {}); six.send('x', 9, 'fd94::2', () => {}); }, 40);`);
      for (const [engine, run] of all) {
        const { events, complete } = await run;
        expect(complete, engine).toBe(true);
        expect(passages(events, 'IPv4'), engine).toContain('in v1 v0');
        expect(passages(events, 'IPv6'), engine).toEqual([]);
        expect(events.filter((e) => e.kind === 'lost')).toEqual([]);
      }
    },
    60_000,
  );

  it.each<[string, string, string]>([
    ['the kernel does not let packets be looked at', 'net_dev_queue', 'no_such_event'],
    ['it writes their addresses otherwise than those of drops', 'skbaddr=%px', 'skbaddr=%p'],
  ])(
    'is not told where %s, and all else is',
    async (_, is, becomes) => {
      needRoot();
      const f = await faults(93);
      f.server.run('iptables', '-A', 'INPUT', '-p', 'udp', '--dport', '9', '-j', 'DROP');
      const edit = (text: string): string => text.replaceAll(is, becomes);
      const watched = watch({ argv: ['dash', '-s'], seconds: 8, edit });
      await watched.begun;
      await f.client.node(`
      const s = require('node:dgram').createSocket('udp4');
      console.log('ready');
      setInterval(() => s.send('x', 9, '10.93.0.2', () => {}), 40);`);
      const { events, complete } = await watched;
      expect(complete).toBe(true);
      expect(drops(events)).toContainEqual(expect.stringMatching(/^NETFILTER_DROP /));
      expect(events.filter((e) => e.kind === 'device')).toEqual([]);
    },
    30_000,
  );
});

it('who is told by ICMP that nobody listens is no news, where no packet was too large', async () => {
  needRoot();
  const f = await faults(95);
  const space = String(statSync(`/proc/${f.client.pid}/net/snmp`).ino);
  const told = (): string => /^Icmp: \d.*/m.exec(f.client.run('cat', '/proc/net/snmp'))?.[0].split(' ')[4] ?? '';
  const edit = (text: string): string => text.replaceAll('toobig = up', 'ours = up');
  const watched = watch({ argv: ['dash', '-s'], seconds: 8, edit });
  await watched.begun;
  await f.client.node(`
    const s = require('node:dgram').createSocket('udp4');
    console.log('ready');
    s.send('x', 9, '10.95.0.2', () => setTimeout(() => s.close(), 500));`);
  const { events } = await watched;
  expect(told()).toBe('1');
  expect(counters(events, space)).toEqual([]);
}, 30_000);

it('names who opened a connect that began before the watch', async () => {
  needRoot();
  const f = await faults(92);
  // longer than it may take until the watch begins; the SYN is sent again after one, two, three, four seconds, then later and later
  const connecting = f.connect(9090, 10_000, 31057);
  // kernels keep sockets by network namespace, and the watch looks at those of its own
  const edit = (text: string): string => text.replaceAll('/proc/net/tcp', `/proc/${f.client.pid}/net/tcp`);
  await sleep(300);
  const all = engines.map(async (e) => [`${e.name} ${e.awk}`, await watch({ ...e, seconds: 14, edit })] as const);
  await connecting;
  for (const [engine, { events }] of await Promise.all(all)) {
    const told = events.filter((e) => e.kind === 'connect' && e.source.port === 31057);
    expect(told.length, engine).toBeGreaterThan(0);
    expect(told, engine).toEqual(
      told.map(() =>
        expect.objectContaining({
          opener: expect.objectContaining({ process: expect.stringMatching(/node|MainThread/) }),
        }),
      ),
    );
  }
}, 60_000);

describe('what IPVS took', () => {
  it('comes with a connect from the port of a virtual server', async () => {
    needRoot();
    const dir = tempDir();
    const [ipvs, flows] = [join(dir, 'ip_vs_conn'), join(dir, 'nf_conntrack')];
    writeFileSync(
      ipvs,
      'Pro FromIP\nTCP 0A630002 2382 0A630001 794F 0AF40107 0050 SYN_RECV         58\nTCP 0A630002 2383 0A630001 794F 0AF40107 0050 SYN_RECV         58\n',
    );
    writeFileSync(
      flows,
      'ipv4     2 tcp      6 431999 ESTABLISHED src=10.99.0.1 dst=10.99.0.2 sport=31056 dport=9090 src=10.99.0.2 dst=10.99.0.1 sport=9090 dport=31056 mark=0 zone=0 use=2\n' +
        'ipv4     2 tcp      6 58 SYN_RECV src=10.99.0.1 dst=10.99.0.2 sport=31055 dport=9090 src=10.99.0.2 dst=10.99.0.1 sport=9090 dport=31055 mark=0 zone=0 use=2\n',
    );
    const f = await faults();
    const edit = (text: string): string =>
      text.replaceAll('/proc/net/ip_vs_conn', ipvs).replaceAll('/proc/net/nf_conntrack', flows);
    const watched = watch({ argv: ['dash', '-s'], seconds: 8, edit });
    await watched.begun;
    await f.connect(9090, 300, 31055);
    const { events } = await watched;
    const source = { ip: '10.99.0.1', port: 31055 };
    const destination = { ip: '10.99.0.2', port: 9090 };
    const mirror = { client: destination, virtual: source, backend: { ip: '10.244.1.7', port: 80 }, state: 'SYN_RECV' };
    expect(events.filter((e) => e.kind === 'connect' && e.source.port === 31055)).toMatchObject([
      { outcome: 'no-answer', source, destination, mirrors: [mirror], tracked: 'SYN_RECV' },
    ]);
    expect(watchedSuspects(events)).toMatchObject({
      tuples: [{ source, destination, owner: { pid: expect.any(Number) } }],
      connections: [{ client: destination, virtual: source }],
      servers: [{ end: source }],
    });
  }, 20_000);
});

describe.each(shells)('%s: nothing stays', (_, argv) => {
  it.each<[NodeJS.Signals, number]>([
    ['SIGTERM', 3000],
    ['SIGKILL', 6000],
  ])(
    'after %s',
    async (signal, ms) => {
      const { runId, nonce } = await watch({ argv, seconds: 60, signal: [signal, 1500] });
      expect(await goneWithin(runId, ms)).toEqual([]);
      await sleep(signal === 'SIGKILL' ? 1000 : 0);
      expect(await leftOf(nonce)).toEqual([]);
    },
    20_000,
  );
});

describe('nothing stays', () => {
  it('where it is ended just as its instance is made', async () => {
    const made = '$(mkdir "$nd_dir" 2>&1';
    const edit = (text: string): string => text.replace(made, () => `${made}; kill -TERM $$`);
    expect(edit(writeWatch({ nonce: newNonce(), runId: 'r', seconds: 1, hostRoot: '' }, 'watch'))).toContain('-TERM');
    const { code, runId, nonce, ms } = await watch({ argv: ['dash', '-s'], seconds: 60, edit });
    expect(code).toBe(143);
    expect(ms).toBeLessThan(30_000);
    expect(instances(runId)).toEqual([]);
    expect(await leftOf(nonce)).toEqual([]);
  }, 100_000);

  it('where the whole cgroup is killed, as a runtime does with a container', async () => {
    needRoot();
    const [nonce, runId] = [newNonce(), runIdOf()];
    const group = `/sys/fs/cgroup/freezer/${runId}`;
    mkdirSync(group);
    onTestFinished(() => rmdirSync(group));
    const child = spawn('sh', ['-c', `echo $$ >${group}/cgroup.procs; exec dash -s`], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    // the hierarchies of this machine that are not of the test are none of its business
    const hierarchies = tempDir();
    symlinkSync('/sys/fs/cgroup/freezer', join(hierarchies, 'freezer'));
    const text = writeWatch({ nonce, runId, seconds: 60, hostRoot: '/host' }, 'watch');
    child.stdin.end(text.replaceAll('/proc/1/root/sys/fs/cgroup', hierarchies));
    await expect.poll(() => instances(runId).length, { timeout: 15_000 }).toBe(1);
    for (let i = 0; i < 10; i++) {
      for (const pid of readFileSync(`${group}/cgroup.procs`, 'utf8')
        .split('\n')
        .filter((p) => p !== ''))
        process.kill(Number(pid), 'SIGKILL');
      await sleep(20);
    }
    await exited;
    expect(await goneWithin(runId, 6000)).toEqual([]);
  }, 40_000);

  it('of an earlier run whose watchdog was killed too: the next run removes it, once its time is over', async () => {
    needRoot();
    const [old, young] = [runIdOf(), runIdOf()];
    const uptime = Number.parseInt(readFileSync('/proc/uptime', 'utf8'), 10);
    const script = `mount -t tracefs t /sys/kernel/tracing && cd /sys/kernel/tracing/instances && mkdir netdoctor-${old}-${uptime - 5} netdoctor-${young}-${uptime + 60}`;
    expect(spawnSync('unshare', ['--mount', 'sh', '-c', script]).status).toBe(0);
    const remove = `mount -t tracefs t /sys/kernel/tracing && rmdir /sys/kernel/tracing/instances/netdoctor-${young}-*`;
    onTestFinished(() => void spawnSync('unshare', ['--mount', 'sh', '-c', remove]));
    await watch({ argv: ['dash', '-s'], seconds: 1 });
    expect([instances(old), instances(young).length]).toEqual([[], 1]);
  }, 20_000);
});

describe('without tracefs it looks at sockets', () => {
  it.each(engines.filter((e) => e.name !== 'bash'))(
    '$name with $awk',
    async ({ argv, awk }) => {
      const f = await faults();
      const inClient = ['nsenter', '-t', String(f.client.pid), '-n', ...argv];
      // no name that the program knows is a way to tracefs
      const edit = (text: string): string => text.replaceAll('unshare', 'no-such-program');
      const watched = watch({ argv: inClient, awk, seconds: 5, edit });
      await sleep(1500);
      await f.connect(9090, 2500);
      const { events, complete, code } = await watched;
      expect(events[0]).toMatchObject({ kind: 'begin', by: 'sample', why: expect.stringMatching(/tracefs/) });
      expect(events.filter((e) => e.kind === 'socket')).toMatchObject([
        { destination: { ip: '10.99.0.2', port: 9090 } },
      ]);
      expect([complete, code]).toEqual([true, 0]);
    },
    30_000,
  );

  it.each([
    ['no mkdir', ['awk', 'sleep', 'id', 'ls'], { by: 'sample', why: expect.stringMatching(/^(rm|mk)dir: not found$/) }],
    ['no awk', ['cat', 'sleep'], { by: 'none', why: 'awk: not found' }],
    ['no sleep', ['awk'], { by: 'none', why: 'sleep: not found' }],
  ])('%s', async (_, programs, want) => {
    const { events, complete } = await watch({ argv: bareNode(['dash', '-s'], programs), seconds: 2 });
    expect(events[0]).toMatchObject({ kind: 'begin', ...want });
    expect(complete).toBe(true);
  });

  it('not root', async () => {
    needRoot();
    const { events } = await watch({ argv: ['setpriv', '--reuid=65534', '--clear-groups', 'dash', '-s'], seconds: 2 });
    expect(events[0]).toMatchObject({ kind: 'begin', by: 'sample' });
  });
});

it('refuses what is not safe in a program', () => {
  const good = { nonce: 'n0123456789abcdef', runId: 'abc', seconds: 1, hostRoot: '' } as const;
  expect(() => writeWatch({ ...good, nonce: "x'" }, 'watch')).toThrow(/nonce/);
  expect(() => writeWatch({ ...good, runId: '../x' }, 'watch')).toThrow(/not safe/);
  expect(() => writeWatch(good, "watch';")).toThrow(/not safe/);
});
