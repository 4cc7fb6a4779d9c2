import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Queues } from '../../src/facts/sockets/queues.ts';
import { socketMemoryProc } from '../../src/probes/kernel/socket-memory.proc.ts';
import { queuesProc } from '../../src/probes/sockets/queues.proc.ts';
import { collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { kindOf, none, said, told } from './raws.ts';

const owner = 'own\t7\t201\t0::/kubepods/pod1901e8e1-2d67-4903-b7a9-167c1c82120c/x\thttpd';
const row = (
  space: string,
  table: string,
  queue: string,
  more: { inode?: number; drops?: number | null; state?: string } = {},
) => {
  const { inode = 7, drops = null, state = table.startsWith('tcp') ? '0A' : '07' } = more;
  const local = table.endsWith('6') ? '000000FD000000000000000001000000:1F90' : '0100007F:1F90';
  const line = `   0: ${local} ${local.replace('1F90', '0000')} ${state} ${queue} 00:00000000 00000000     0        0 ${inode} 1 00000000ade4b93c`;
  return `row\t${space}\t${table}\t${inode}\t${line} ${drops === null ? '100 0 0 10 0' : drops}`;
};
const parse = (first: readonly string[], last: readonly string[]): unknown =>
  kindOf(queuesProc.parse({ rows: said(`${first.join('\n')}\n`, `${last.join('\n')}\n`) }));
const arch = 'arch x86_64';
const none0 = { listeners: [], datagrams: [], unread: [], settings: [], cut: new Set() };

describe('queues, by what the collector prints', () => {
  it('of a listening socket: both looks, the larger number of half-open ones, backlog, settings, owner', () => {
    const first = [arch, row('5', 'tcp', '00000000:00000002'), 'syn\t5\t1F90\t9', 'space\t5\t200\tother\ttcp'];
    const last = [
      ...[arch, row('5', 'tcp', '00000000:0000000A'), 'syn\t5\t1F90\t3', 'space\t5\t200\tother\ttcp', owner],
      ...[
        'backlog\t5\t7\t9',
        'backlog\t6\t7\t99',
        'set\t5\tcore/somaxconn\t4096',
        'set\t5\tipv4/tcp_syncookies\t0',
        'set\t5\tipv4/x\t',
      ],
    ];
    expect(parse(first, last)).toEqual({
      ...none0,
      listeners: [
        {
          ...{ space: '5', ip: '127.0.0.1', port: 8080, waiting: 10, waitingBefore: 2, backlog: 9, halfOpen: 9 },
          owner: expect.objectContaining({
            pid: 201,
            process: 'httpd',
            podUid: '1901e8e1-2d67-4903-b7a9-167c1c82120c',
          }),
        },
      ],
      settings: [{ space: '5', somaxconn: 4096, maxSynBacklog: null, synCookies: 0 }],
    });
  });

  it('of several processes that share a socket the first', () => {
    const lines = [arch, row('5', 'tcp', '00000000:00000000'), owner, owner.replace('201', '202')];
    expect(parse([arch], lines)).toMatchObject({ listeners: [{ owner: { pid: 201 } }] });
  });

  it('a backlog of 0 is what ss prints where it does not know', () => {
    const lines = [arch, row('5', 'tcp6', '00000000:00000000'), 'backlog\t5\t7\t0'];
    expect(parse([arch], lines)).toMatchObject({
      listeners: [{ ip: 'fd00::1', backlog: null, waitingBefore: null, owner: null }],
    });
  });

  it('of a connection with much to read', () => {
    const line = row('5', 'tcp', '00000000:00020000', { state: '01' });
    const unread = {
      space: '5',
      ip: '127.0.0.1',
      port: 8080,
      remote: { ip: '127.0.0.1', port: 0 },
      receivedBytes: 131_072,
    };
    expect(parse([arch], [arch, line, owner])).toEqual({
      ...none0,
      unread: [{ ...unread, owner: expect.objectContaining({ pid: 201 }) }],
    });
  });

  it.each([
    ['seen at both looks', [row('5', 'udp', '00000000:00000001', { drops: 5 })], 7],
    ['nothing dropped before', [], 12],
    ['another socket at the first', [row('5', 'udp', '00000000:00000001', { drops: 5, inode: 8 })], 12],
    ['the same number in another namespace', [row('6', 'udp', '00000000:00000001', { drops: 5 })], 12],
    ['not all sockets came at the first', ['cut\t5\tudp'], null],
    ['fewer than before', [row('5', 'udp', '00000000:00000001', { drops: 13 })], 0],
  ])('drops of a UDP socket: %s', (_, first, drops) => {
    const last = [arch, row('5', 'udp', '00000010:00033E00', { drops: 12 })];
    expect(parse([arch, ...first], last)).toMatchObject({
      datagrams: [{ drops, dropsEver: 12, receivedBytes: 212_480, unsentBytes: 16, port: 8080 }],
    });
  });

  it('says of which namespace not all came', () =>
    expect(parse([arch], [arch, 'cut\t5\ttcp'])).toEqual({ ...none0, cut: new Set(['5 tcp']) }));

  it.each([
    ['no arch', [arch], ['row']],
    ['no arch at the first look', [''], [arch]],
    ['a row that is none', [arch], [arch, 'row\t5\ttcp\t7\tx']],
    ['a table that is none', [arch], [arch, row('5', 'raw', '00000000:00000000')]],
    ['another inode', [arch], [arch, row('5', 'tcp', '00000000:00000000').replace('\t7\t', '\t8\t')]],
    ['udp without drops', [arch], [arch, row('5', 'udp', '00000000:00000001')]],
  ])('%s is no answer', (_, first, last) => expect(parse(first, last)).toBe('unparsable'));

  it('one look alone is the choice of the user', () =>
    expect(kindOf(queuesProc.parse({ rows: said(`${arch}\n`) }))).toBe('not-chosen'));
});

describe('limits of socket memory', () => {
  const text =
    'tcp_mem 100\t200\t300\nudp_mem 1 2 3\nrmem_default 212992\nrmem_max 1\nwmem_default 2\nwmem_max 3\npage_kb 64\n';
  const of = (stdout: string): unknown => kindOf(socketMemoryProc.parse({ limits: said(stdout) }));
  const all = {
    ...{ tcpPages: [100, 200, 300], udpPages: [1, 2, 3], pageBytes: 65_536 },
    ...{ receiveDefaultBytes: 212_992, receiveMaxBytes: 1, sendDefaultBytes: 2, sendMaxBytes: 3 },
  };
  it.each([
    [text, all],
    [text.replace('page_kb 64\n', ''), { ...all, pageBytes: null }],
    [text.replace('100\t200\t300', 'none').replace('1 2 3', 'none'), { ...all, tcpPages: null, udpPages: null }],
    [text.replace('rmem_max 1', 'rmem_max none'), { ...all, receiveMaxBytes: null }],
    [text.replace('rmem_max 1', 'rmem_max -1'), 'unparsable'],
    [text.replace('200\t', ''), 'unparsable'],
    ['', 'unparsable'],
  ])('%j', (stdout, want) => expect(of(stdout)).toEqual(want));

  it.each(shells)('of this machine, %s', async (_, argv) => {
    const { limits } = socketMemoryProc.reads;
    const c = await collect([limits], { argv });
    expect(told(socketMemoryProc.parse({ limits: c.raws.get(limits.id) ?? none() }))).toMatchObject({
      pageBytes: expect.any(Number),
    });
  });
});

/** Binds, tells that it has, and is stopped: nobody accepts or reads any more. */
const deaf = `
  const s = require('node:net').createServer().listen({ host: '0.0.0.0', port: 8080, backlog: 3 }, () => {
    require('node:net').createServer().listen({ host: '::1', port: 8081, backlog: 200 }, () => {
      require('node:dgram').createSocket('udp4').bind(8082, '127.0.0.1', () => console.log('up'));
    });
  });
`;
/** Twelve connections, and datagrams for the window's length. */
const clients = `
  const net = require('node:net');
  for (let i = 0; i < 12; i++) net.connect(8080, '127.0.0.1').on('error', () => {});
  const u = require('node:dgram').createSocket('udp4');
  const burst = () => { for (let i = 0; i < 50; i++) u.send(Buffer.alloc(2000), 8082, '127.0.0.1', () => {}); };
  setInterval(burst, 20);
  setTimeout(() => console.log('up'), 600);
`;

let namespace = '';
let children: ChildProcess[] = [];
let count = 0;
const must = (...argv: readonly [string, ...string[]]): void => {
  const done = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${argv.join(' ')}: ${done.stderr}`);
};
const inside = (...argv: readonly string[]): [string, ...string[]] => ['ip', 'netns', 'exec', namespace, ...argv];
const start = async (program: string, where = namespace): Promise<number> => {
  const child = spawn('ip', ['netns', 'exec', where, process.execPath, '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  children.push(child);
  for await (const chunk of child.stdout) if (String(chunk).includes('up')) break;
  return child.pid ?? 0;
};

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();

describe('queues that overflow for real', () => {
  beforeEach(() => {
    needRoot();
    namespace = `nd-queues-${process.pid}-${count++}`;
    must('ip', 'netns', 'add', namespace);
    must(...inside('ip', 'link', 'set', 'lo', 'up'));
  });
  afterEach(() => {
    for (const c of children) if (c.pid) process.kill(-c.pid, 'SIGKILL');
    children = [];
    must('ip', 'netns', 'del', namespace);
  });

  const { rows } = queuesProc.reads;
  const read = async (argv: readonly string[], space: string, windowSeconds = 1, path = process.env.PATH ?? '') => {
    const c = await collect([rows], { argv, windowSeconds, env: { PATH: path } });
    const found = queuesProc.parse({ rows: c.raws.get(rows.id) ?? none() });
    if (!found.ok) throw new Error(`${found.gap.kind}: ${found.gap.detail}`);
    const here = <T extends { space: string }>(list: readonly T[]): T[] => list.filter((x) => x.space === space);
    const { listeners, datagrams, settings }: Queues = found.value;
    return { listeners: here(listeners), datagrams: here(datagrams), settings: here(settings) };
  };

  it.each(
    shells.flatMap(([name, argv]) => [
      [`${name}, from within, as the node's own`, argv, true] as const,
      [`${name}, from without, as a pod's`, argv, false] as const,
    ]),
  )('%s', async (_, argv, own) => {
    const pid = await start(deaf);
    process.kill(pid, 'SIGSTOP');
    await start(clients);
    const command = own ? inside(...argv) : argv;
    const { listeners, datagrams, settings } = await read(command, String(statSync(`/proc/${pid}/net/snmp`).ino));
    const holder = expect.objectContaining({ pid });
    expect(listeners.sort((a, b) => a.port - b.port)).toEqual([
      expect.objectContaining({ ip: '0.0.0.0', port: 8080, waiting: 4, waitingBefore: 4, backlog: 3, owner: holder }),
      expect.objectContaining({ ip: '::1', port: 8081, waiting: 0, backlog: 200, owner: holder }),
    ]);
    expect(datagrams).toEqual([expect.objectContaining({ ip: '127.0.0.1', port: 8082, owner: holder })]);
    expect(datagrams[0]?.drops).toBeGreaterThan(50);
    expect(datagrams[0]?.receivedBytes).toBeGreaterThan(100_000);
    expect(settings).toEqual([
      expect.objectContaining({ somaxconn: expect.any(Number), maxSynBacklog: expect.any(Number), synCookies: 1 }),
    ]);
  });

  it.each(['mawk', 'busybox', 'gawk', 'original-awk'].filter((name) => name === 'mawk' || where(name) !== ''))(
    'with awk of %s',
    async (awk) => {
      const dir = tempDir();
      symlinkSync(where(awk), join(dir, 'awk'));
      const pid = await start(deaf);
      process.kill(pid, 'SIGSTOP');
      await start(clients);
      const space = String(statSync(`/proc/${pid}/net/snmp`).ino);
      const { listeners, datagrams } = await read(['dash', '-s'], space, 0.5, `${dir}:${process.env.PATH}`);
      expect(listeners.find((l) => l.port === 8080)).toMatchObject({ waiting: 4, backlog: 3, owner: { pid } });
      expect(datagrams[0]?.drops).toBeGreaterThan(20);
    },
  );

  it('half-open connections are counted by their port', async () => {
    const pid = await start(deaf);
    must(...inside('sysctl', '-qw', 'net.ipv4.tcp_syncookies=0'));
    // the answers go to a hardware address that nobody has, so the connections stay half open
    must('ip', 'netns', 'add', `${namespace}-c`);
    onTestFinished(() => must('ip', 'netns', 'del', `${namespace}-c`));
    must(...inside('ip', 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1', 'netns', `${namespace}-c`));
    must(...inside('ip', 'addr', 'add', '10.99.0.1/24', 'dev', 'v0'));
    must(...inside('ip', 'link', 'set', 'v0', 'up'));
    must(...inside('ip', 'neigh', 'add', '10.99.0.2', 'lladdr', '02:00:00:00:00:99', 'dev', 'v0', 'nud', 'permanent'));
    must('ip', '-n', `${namespace}-c`, 'addr', 'add', '10.99.0.2/24', 'dev', 'v1');
    must('ip', '-n', `${namespace}-c`, 'link', 'set', 'v1', 'up');
    await start(
      `for (let i = 0; i < 12; i++) require('node:net').connect(8080, '10.99.0.1').on('error', () => {});
      setTimeout(() => console.log('up'), 1200);`,
      `${namespace}-c`,
    );
    const { listeners, settings } = await read(shells[0]?.[1] ?? [], String(statSync(`/proc/${pid}/net/snmp`).ino));
    expect(listeners.find((l) => l.port === 8080)).toMatchObject({
      halfOpen: expect.any(Number),
      waiting: 0,
      backlog: 3,
    });
    expect(listeners.find((l) => l.port === 8080)?.halfOpen).toBeGreaterThan(2);
    expect(listeners.find((l) => l.port === 8081)?.halfOpen).toBe(0);
    expect(settings).toMatchObject([{ synCookies: 0 }]);
  });

  it('without the rights to look into processes and namespaces the queues are there all the same', async () => {
    const pid = await start(deaf);
    process.kill(pid, 'SIGSTOP');
    await start(clients);
    const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', 'dash', '-s'];
    const { listeners, settings } = await read(asNobody, String(statSync(`/proc/${pid}/net/snmp`).ino));
    expect(listeners.find((l) => l.port === 8080)).toMatchObject({ waiting: 4, backlog: null, owner: null });
    expect(settings).toMatchObject([{ somaxconn: null, maxSynBacklog: null, synCookies: null }]);
  });

  it('a namespace in which nothing overflowed is not looked at', async () => {
    const pid = await start(deaf);
    const found = await read(shells[0]?.[1] ?? [], String(statSync(`/proc/${pid}/net/snmp`).ino), 0.2);
    expect(found).toEqual({ listeners: [], datagrams: [], settings: [] });
  });
});
