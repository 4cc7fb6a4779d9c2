import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reduce } from '../../src/transports/watch/reduce.ts';
import { tempDir } from './collector/run-program.ts';

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
const awks = [['mawk', '-W', 'interactive'], ['gawk'], ['busybox', 'awk']].filter(([name = '']) => where(name) !== '');

const events = [
  ...['sock/inet_sock_set_state', 'tcp/tcp_retransmit_skb', 'tcp/tcp_retransmit_synack', 'tcp/tcp_receive_reset'],
  ...[
    'tcp/tcp_send_reset',
    'skb/kfree_skb',
    'udp/udp_fail_queue_rcv_skb',
    'net/netif_receive_skb',
    'net/net_dev_queue',
  ],
];

interface Trace {
  /** Lines of each look. */
  readonly looks: readonly (readonly string[])[];
  readonly symbols?: readonly string[];
  readonly seconds?: number;
  /** What leaves out drops that are mostly no fault; '' where drops have no reasons. */
  readonly idle?: string;
  /** KB of a buffer; 0 where the kernel does not tell packets that pass. */
  readonly sample?: number;
  /** Seconds between two looks; a second where `sleep` takes no fractions. */
  readonly nap?: string;
  /** What is changed in the program. */
  readonly edit?: (program: string) => string;
}

/** Runs the program, which does not sleep, on a trace that was written before, in a directory that looks like an instance. Gives what it told, and that directory. */
const run = (
  awk: readonly string[],
  {
    looks,
    symbols = [],
    seconds = 100,
    idle = ' && reason != 2 && reason != 3',
    sample = 512,
    nap = '0.5',
    edit = (p) => p,
  }: Trace,
) => {
  const dir = tempDir();
  for (const e of events) {
    mkdirSync(join(dir, 'events', e), { recursive: true });
    writeFileSync(join(dir, 'events', e, 'enable'), e.startsWith('net/') ? '0\n' : '1\n');
    writeFileSync(join(dir, 'events', e, 'filter'), '\n');
  }
  const table = join(dir, 'kallsyms');
  writeFileSync(table, symbols.map((s) => `${s}\n`).join(''));
  const mark = (n: number): string =>
    `             awk-77      [000] ..... 50.000000: tracing_mark_write: nd-tick ${n}`;
  const input = looks.flatMap((lines, i) => [...lines, mark(i)]).map((l) => `${l}\n`);
  const vars = {
    ...{ nonce: 'n0123456789abcdef', id: 'watch', begin: readFileSync('/proc/uptime', 'utf8').split(' ')[0] ?? '' },
    ...{ seconds: String(seconds), main: String(process.pid), nap, boot: '0', dir, mode: 'mode\\ttrace\\tx' },
    ...{ drops: '(protocol == 2048 || protocol == 34525)', idle, sample: String(sample) },
  };
  const [command = '', ...options] = awk;
  const assigned = Object.entries(vars).flatMap(([k, v]) => ['-v', `${k}=${v}`]);
  const program = reduce.replaceAll('/proc/kallsyms', table).replace('system("sleep " nap)', ';');
  const r = spawnSync(command, [...options, ...assigned, edit(program)], {
    input: input.join(''),
    encoding: 'latin1',
    env: { ...process.env, LC_ALL: 'C' },
  });
  expect(r.stderr).toBe('');
  const told = r.stdout.split('\n').flatMap((l) => (l.startsWith('|') ? [l.slice(1)] : []));
  const of = (tag: string): string[] =>
    told.filter((l) => l.startsWith(`${tag}\t`)).map((l) => l.slice(tag.length + 1));
  return { told, of, dir, stdout: r.stdout };
};

const line = (who: string, flags: string, event: string): string => `  ${who} [001] ${flags} 49.000001: ${event}`;
const addresses = (source: string, sport: number, destination: string, dport: number): string =>
  `sport=${sport} dport=${dport} saddr=${source} daddr=${destination} saddrv6=::ffff:${source} daddrv6=::ffff:${destination}`;
const state = (who: string, flags: string, sport: number, from: string, to: string, dport = 80): string =>
  line(
    who,
    flags,
    `inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP ${addresses('10.0.0.1', sport, '10.0.0.2', dport)} oldstate=TCP_${from} newstate=TCP_${to}`,
  );
const opens = (who: string, dport = 80): string => state(who, '.....', 0, 'CLOSE', 'SYN_SENT', dport);
const fails = (who: string, flags: string, sport: number, dport = 80): string =>
  state(who, flags, sport, 'SYN_SENT', 'CLOSE', dport);
const reset = (sport: number): string =>
  line(
    '<idle>-0',
    '..s2.',
    `tcp_receive_reset: family=AF_INET ${addresses('10.0.0.1', sport, '10.0.0.2', 80)} sock_cookie=1`,
  );
const drop = (location: string, reason = ' reason: NOT_SPECIFIED', at = 'ffff888104a1b2c3'): string =>
  line('<idle>-0', '..s2.', `kfree_skb: skbaddr=${at} rx_sk=${at} protocol=2048 location=${location}${reason}`);
const many = (n: number, reason: string): string[] => Array.from({ length: n }, () => drop('f+0x1/0x2', reason));
const who = (events: readonly string[]): string[] => events.map((e) => e.split('\t').slice(0, 3).join(' '));

describe.each(awks.map((a) => [a] as const))('%j', (...[awk]) => {
  it('knows the owner of a connect that an interrupt ended by who opened it', () =>
    expect(who(run(awk, { looks: [[opens('curl-4194300')], [fails('<idle>-0', '..s1.', 40_000)]] }).of('ev'))).toEqual([
      '- 4194300 curl',
    ]));

  it('knows none where several did, unless it is the one that ran', () => {
    const looks = [
      [
        opens('curl-4194300'),
        opens('wget-4194301'),
        fails('<idle>-0', '..s1.', 40_000),
        fails('wget-4194301', '.....', 40_001),
      ],
    ];
    expect(who(run(awk, { looks }).of('ev'))).toEqual(['- - -', '- 4194301 wget']);
  });

  it('who opened one long ago is not in doubt with who opened one now', () => {
    const before = opens('curl-4194300').replace(' 49.000001:', ' 1.000001:');
    const later = (l: string): string => l.replace(' 49.000001:', ' 140.000001:');
    const looks = [[before, later(opens('wget-4194301')), later(fails('<idle>-0', '..s1.', 40_000))]];
    expect(who(run(awk, { looks }).of('ev'))).toEqual(['- 4194301 wget']);
  });

  it('a name that the kernel has forgotten comes from /proc, or does not count', () => {
    const looks = [[opens(`<...>-${process.pid}`), opens('<...>-4194301'), fails('<idle>-0', '..s1.', 40_000)]];
    expect(who(run(awk, { looks }).of('ev'))).toEqual([`- 4194301 ${readFileSync('/proc/self/comm', 'utf8').trim()}`]);
  });

  it('a thread of another name is the process that opened it', () =>
    expect(
      who(run(awk, { looks: [[opens('node-4194300'), fails('worker-4194302', '.....', 40_000)]] }).of('ev')),
    ).toEqual(['- 4194302 node']));

  it('tells a refused connect, also where a look ends between its two lines, and no reset besides', () => {
    const { of } = run(awk, { looks: [[reset(40_000)], [fails('a-1', '.....', 40_000)], [], []] });
    expect(of('ev').map((e) => e.split('\t')[0])).toEqual(['refused']);
  });

  describe('a drop beside a connect', () => {
    const at = (us: number, l: string): string => l.replace(/ 49\.\d{6}:/, ` 49.${String(us).padStart(6, '0')}:`);
    const dropBy = (thread: string, reason = 'NETFILTER_DROP'): string =>
      drop('f+0x1/0x2', ` reason: ${reason}`).replace('<idle>-0', thread);
    const fell = (...looks: (readonly string[])[]): string[] => run(awk, { looks }).of('fell');
    const netfilter = ' reason: NETFILTER_DROP';
    const again = line(
      '<idle>-0',
      '..s2.',
      `tcp_retransmit_skb: family=AF_INET ${addresses('10.0.0.1', 41_000, '10.0.0.2', 81)} state=TCP_SYN_SENT`,
    );
    const stranger = Array.from({ length: 10 }, () => dropBy('<idle>-0'));
    const ends = at(900_000, fails('a-1', '.....', 40_000));

    it('is told with where it went, whenever it is told that it got no answer', () => {
      const found = fell([at(1, opens('a-1')), at(35, dropBy('a-1'))], [ends]);
      expect(found.map((l) => l.replace(/\t.*: /, ' '))).toEqual(['::ffff:10.0.0.1 ::ffff:10.0.0.2 80 NETFILTER_DROP']);
      expect(found.join('')).not.toContain('skbaddr');
    });
    it.each<[string, readonly string[], number]>([
      ['within two milliseconds', [at(1, opens('a-1')), at(1999, dropBy('a-1')), ends], 1],
      ['later than that', [at(1, opens('a-1')), at(2010, dropBy('a-1')), ends], 0],
      ['before it', [at(1, dropBy('a-1')), at(35, opens('a-1')), ends], 0],
      ['of another thread', [at(1, opens('a-1')), at(35, dropBy('b-2')), ends], 0],
      ['on another processor', [at(1, opens('a-1')), at(35, dropBy('a-1').replace('[001]', '[000]')), ends], 0],
      ['that nobody waits for', [at(1, opens('a-1')), at(35, dropBy('a-1', 'NO_SOCKET')), ends], 0],
      ['one for two', [at(1, opens('a-1')), at(35, dropBy('a-1')), at(40, dropBy('a-1')), ends], 1],
      ['of one before the last', [at(1, opens('a-1')), at(35, dropBy('a-1')), at(500, opens('a-1')), ends], 0],
      ['among ten others', [at(1, opens('a-1')), at(1999, dropBy('a-1')), ...stranger, ends], 1],
      ['among eleven', [at(1, opens('a-1')), at(1999, dropBy('a-1')), dropBy('<idle>-0'), ...stranger, ends], 0],
      ['among very many, at once', [at(1, opens('a-1')), at(35, dropBy('a-1')), ...many(450, netfilter), ends], 1],
      [
        'among very many, a little later',
        [at(1, opens('a-1')), at(90, dropBy('a-1')), ...many(450, netfilter), ends],
        0,
      ],
      [
        'among those of SYNs that are sent again',
        [
          at(1, opens('a-1')),
          at(1999, dropBy('a-1')),
          ...Array.from({ length: 20 }, (_, i) => at(500_000 + i, again)),
          ...Array.from({ length: 30 }, (_, i) => at(500_100 + i, dropBy('<idle>-0'))),
          ends,
        ],
        1,
      ],
      [
        'among more than those',
        [
          at(1, opens('a-1')),
          at(1999, dropBy('a-1')),
          ...Array.from({ length: 20 }, (_, i) => at(500_000 + i, again)),
          ...Array.from({ length: 31 }, (_, i) => at(500_100 + i, dropBy('<idle>-0'))),
          ends,
        ],
        0,
      ],
      [
        'among eleven for another reason',
        [at(1, opens('a-1')), at(1999, dropBy('a-1', 'IP_RPFILTER')), dropBy('<idle>-0'), ...stranger, ends],
        1,
      ],
      ['of one that was refused', [at(1, opens('a-1')), at(35, dropBy('a-1')), reset(40_000), ends], 1],
      ['of one that goes on', [at(1, opens('a-1')), at(35, dropBy('a-1'))], 0],
    ])('%s', (_, look, n) => expect(fell(look, [])).toHaveLength(n));
  });

  describe('the device of a drop', () => {
    const at = (us: number, l: string): string => l.replace(/ 49\.\d{6}:/, ` 49.${String(us).padStart(6, '0')}:`);
    const cpu = (n: number, l: string): string => l.replace('[001]', `[00${n}]`);
    const passes = (event: string, device: string, address: string): string =>
      line('<idle>-0', '..s2.', `${event}: dev=${device} skbaddr=${address} len=60`);
    const comes = (device: string, address = 'a1'): string => passes('netif_receive_skb', device, address);
    const goes = (device: string, address = 'a1'): string => passes('net_dev_queue', device, address);
    const falls = (address = 'a1', reason = ' reason: NETFILTER_DROP'): string => drop('f+0x1/0x2', reason, address);
    /** The same again, three milliseconds apart. */
    const again = (n: number, ...lines: string[]): string[] =>
      Array.from({ length: n }, (_, i) =>
        lines.map((l) => at(3000 * i + Number(/ 49\.(\d+):/.exec(l)?.[1] ?? 0), l)),
      ).flat();
    /** Counts, samples and where, without the line. */
    const told = (lines: readonly string[], rest: Partial<Trace> = {}): string[] =>
      run(awk, { looks: [lines], ...rest })
        .of('dev')
        .map((l) => l.split('\t').slice(0, 6).join(' '))
        .sort();
    // the first of a kind is no reason to ask yet
    const first = at(0, falls('ff'));

    it.each<[string, readonly string[], readonly string[]]>([
      ['that it came in by', [comes('eth0'), at(20, falls())], ['5 5 in eth0 - -']],
      [
        "of the other end of a pod's, sent there a moment before",
        [goes('veth1'), at(5, comes('eth0')), at(20, falls())],
        ['5 5 in eth0 veth1 -'],
      ],
      ['that it was to go out by', [comes('veth1'), at(5, goes('eth0')), at(6, falls())], ['5 5 out eth0 - -']],
      [
        'of a bridge, and of its port, and of the other end of that',
        [goes('eth0'), at(5, comes('veth1')), at(7, comes('cni0')), at(20, falls())],
        ['5 5 in cni0 eth0 veth1'],
      ],
      [
        'of the last bridge, and the first port',
        [comes('eth1'), at(5, comes('bond0')), at(7, comes('cni0')), at(20, falls())],
        ['5 5 in cni0 - eth1'],
      ],
      [
        'of an address that came in again by the same one',
        [comes('eth0'), at(5, comes('eth0')), at(20, falls())],
        ['5 5 in eth0 - -'],
      ],
      [
        'of an address that came in by another long before',
        [comes('eth1'), at(1003, comes('eth0')), at(1020, falls())],
        ['5 5 in eth0 - -'],
      ],
      [
        'of an address that was sent again since',
        [comes('veth1'), at(5, goes('veth2')), at(7, comes('eth0')), at(20, falls())],
        ['5 5 in eth0 veth2 -'],
      ],
      ['a millisecond later', [comes('eth0'), at(999, falls())], ['5 5 in eth0 - -']],
      ['later than that', [comes('eth0'), at(1003, falls())], []],
      [
        'that sent it a millisecond before',
        [goes('veth1'), at(999, comes('eth0')), at(1010, falls())],
        ['5 5 in eth0 veth1 -'],
      ],
      ['that sent it before that', [goes('veth1'), at(1003, comes('eth0')), at(1010, falls())], ['5 5 in eth0 - -']],
      ['on another processor', [cpu(0, comes('eth0')), at(20, falls())], []],
      [
        'that sent it on another processor',
        [cpu(0, goes('veth1')), at(5, comes('eth0')), at(9, falls())],
        ['5 5 in eth0 - -'],
      ],
      ['of another packet', [comes('eth0', 'a2'), at(20, falls())], []],
      [
        'of an address that is used again: something else came in since, which this answers',
        [comes('eth0'), at(20, comes('eth0', 'a2')), at(30, falls())],
        [],
      ],
      [
        'whose drop answers it first',
        [comes('veth1'), at(10, goes('veth1', 'a2')), at(20, falls())],
        ['5 5 in veth1 - -'],
      ],
      [
        'of one that went out since, and then something else did',
        [comes('veth1'), at(5, goes('eth0')), at(9, goes('eth0', 'a2')), at(20, falls())],
        [],
      ],
      ['in a process', [comes('eth0'), at(20, falls().replace('..s2.', '.....'))], []],
      ['in an interrupt of the hardware', [comes('eth0'), at(20, falls().replace('..s2.', 'd.h1.'))], []],
      [
        'as kernels with four flags say',
        [comes('eth0'), at(20, falls().replace('..s2.', '.Ns1'))],
        ['5 5 in eth0 - -'],
      ],
      ['of what is mostly no fault', [comes('eth0'), at(20, falls('a1', ' reason: NO_SOCKET'))], []],
      ['where drops have no reason', [comes('eth0'), at(20, falls('a1', ''))], ['5 5 in eth0 - -']],
      ['dropped twice at one address', [comes('eth0'), at(20, falls()), at(21, falls())], ['5 10 in eth0 - -']],
    ])('%s', (_, lines, want) => expect(told([lines.at(-1) ?? '', ...again(5, ...lines)])).toEqual(want));

    it('of drops made for real: in the namespace between two pods and in one of them, of SYNs and of answers, by a qdisc, with and without an ICMP error', () => {
      const lines = readFileSync('test/raw/trace-pipe-devices.debian-12.linux-6.18.44.txt', 'utf8')
        .trimEnd()
        .split('\n');
      const devices = run(awk, { looks: [lines] }).of('dev');
      expect(devices.map((l) => l.replace(/\t[^\t]*reason: /, ' ').replaceAll('\t', ' ')).sort()).toEqual([
        '2 6 in eth0 veth12 - NETFILTER_DROP',
        '3 3 in veth12 eth0 - PKT_TOO_BIG',
        '3 6 in veth12 eth0 - NETFILTER_DROP',
      ]);
      const thrice = run(awk, { looks: [[...lines, ...lines, ...lines]] }).of('dev');
      expect(thrice.join('\n')).toMatch(/^2\t2\tout\tup0\t-\t-\t.* reason: QDISC_DROP$/m);
    });

    it('of drops that 6.1 made: on the way from one to another, in the other, and of a process', () => {
      const lines = readFileSync('test/raw/trace-pipe-devices.debian-12.linux-6.1.0-48.txt', 'utf8')
        .trimEnd()
        .split('\n');
      expect(told(lines)).toEqual(['3 6 in eth0 veth12 -', '3 6 in veth12 eth0 -']);
    });

    it('two that disagree are both told, the more frequent first; one that is alone is not', () => {
      const lines = [
        ...again(3, comes('veth2', 'b'), at(20, falls('b'))),
        ...again(5, comes('veth1'), at(20, falls())),
        ...[comes('veth3', 'c'), at(20, falls('c'))],
      ];
      expect(told([first, ...lines])).toEqual(['3 9 in veth2 - -', '5 9 in veth1 - -']);
      const { of } = run(awk, { looks: [[first, ...lines]] });
      expect(of('dev').map((l) => l.split('\t')[3])).toEqual(['veth1', 'veth2']);
    });

    it.each([
      [4, ['4 4 in eth0 - -']],
      [1, []],
    ])('fewer are told with the end, but for a single one: %d', (n, want) =>
      expect(told([first, ...again(n, comes('eth0'), at(20, falls()))])).toEqual(want),
    );

    it('what a drop is comes with it, without an address', () => {
      const { of } = run(awk, { looks: [[first, ...again(5, comes('eth0'), at(20, falls()))]] });
      expect(of('dev')).toEqual([
        expect.stringMatching(/kfree_skb: protocol=2048 location=f\+0x1\/0x2 reason: NETFILTER_DROP$/),
      ]);
    });

    it('of a kind that is told it is not asked again at once', () => {
      const lines = again(5, comes('eth0'), at(20, falls()));
      expect(run(awk, { looks: [[first, ...lines], lines, lines] }).of('dev')).toHaveLength(1);
    });

    it('a name may hold anything but spaces and slashes', () => {
      const names = ['skbaddr=b', '\x1b[31m', '\x1cé', '|@n0123456', '-1[0]..1.1:kfre'];
      const lines = names.flatMap((name) => again(2, goes(name, 'b'), comes(name, 'b'), at(20, falls('b'))));
      const { told: all, of } = run(awk, { looks: [[first, ...lines]] });
      expect(all.join('')).toMatch(/^[ -~\t]*$/);
      const shown = ['skbaddr=b', '?[31m', '??', '|@n0123456', '-1[0]..1.1:kfre'];
      expect(
        of('dev')
          .map((l) => l.split('\t').slice(2, 6).join(' '))
          .sort(),
      ).toEqual(shown.map((n) => `in ${n} ${n} -`).sort());
    });

    it('of very many packets that pass it keeps what is new', () => {
      const others = Array.from({ length: 5000 }, (_, i) => at(100, goes('eth0', `c${i}`)));
      expect(told([first, ...others, ...again(5, goes('veth1'), at(5, comes('eth0')), at(20, falls()))])).toEqual([
        '5 5 in eth0 veth1 -',
      ]);
    });

    it('a kernel that does not tell packets that pass has no devices', () =>
      expect(told([first, ...again(5, comes('eth0'), at(20, falls()))], { sample: 0 })).toEqual([]));

    describe('is looked for', () => {
      /** The time goes on by half a second with each look, and so many packets are received in it. */
      const clocked =
        (perLook: number) =>
        (program: string): string =>
          program
            .replace(
              /function uptime[\s\S]*?\n}/,
              'function uptime() { if (!up) up = begin; if (!ticking) up += 0.5; ticking = 0; return up }',
            )
            .replace(/function packets[\s\S]*?\n}/, `function packets() { return (received += ${perLook}) }`)
            .replace('  uptime()\n  due', '  ticking = 1; uptime()\n  due')
            .replace('system("{', `print("{`)
            .replace('"} 2>/dev/null")', '"} 2>/dev/null") >(dir "/bursts")');
      const quiet = (n: number): string[][] => Array.from({ length: n }, () => []);
      const enabled = (dir: string): string =>
        ['netif_receive_skb', 'net_dev_queue']
          .map((e) => readFileSync(join(dir, 'events/net', e, 'enable'), 'utf8').trim())
          .join('');
      const bursts = (dir: string): string[] => {
        const file = join(dir, 'bursts');
        return existsSync(file) ? (readFileSync(file, 'utf8').match(/sleep 0\.\d+; e/g) ?? []) : [];
      };
      const two = [falls('x'), falls('y')];
      const known = again(5, comes('eth0'), at(20, falls()));
      it.each<[string, readonly (readonly string[])[], number, string, number]>([
        ['once a kind of drop came again', [two, ...quiet(2)], 50, '11', 0],
        ['not for a single drop', [[falls('x')], ...quiet(2)], 50, '00', 0],
        [
          'not for what is mostly no fault',
          [[falls('x', ' reason: NO_SOCKET')], [falls('x', ' reason: NO_SOCKET')], []],
          50,
          '00',
          0,
        ],
        ['while it is not known how many packets pass', [two], 50, '00', 0],
        ['as long as such drops come', [two, ...quiet(19)], 50, '11', 0],
        ['no longer than ten seconds after them', [two, ...quiet(21)], 50, '00', 0],
        ['until it is told', [two, two, two, known], 50, '00', 0],
        ['again a minute later', [two, two, two, known, ...quiet(121), two, two], 50, '11', 0],
        ['not before', [two, two, two, known, ...quiet(110), two, two], 50, '00', 0],
        ['where two thousand packets pass in a second, a look at once', [two, two], 1000, '11', 0],
        ['where more do, for a moment in ten seconds', [two, two, two, ...quiet(17)], 17_500, '00', 1],
        ['and then again', [two, two, two, ...quiet(17), two, two, two], 17_500, '00', 2],
        ['not where so many pass that a moment is too long', [two, two, two, two], 100_001, '00', 0],
        [
          'not for a minute where the kernel lost some',
          [two, two, [...two, 'CPU:1 [LOST 12 EVENTS]'], ...quiet(110), two, two],
          50,
          '00',
          0,
        ],
        [
          'and then again, if something was lost',
          [two, two, [...two, 'CPU:1 [LOST 12 EVENTS]'], ...quiet(120), two, two],
          50,
          '11',
          0,
        ],
      ])('%s', (_, looks, perLook, on, moments) => {
        const { dir } = run(awk, { looks, edit: clocked(perLook) });
        expect([enabled(dir), bursts(dir).length]).toEqual([on, moments]);
      });

      it.each([
        ['all the time where few packets pass', 50, '11'],
        ['and never for a moment', 17_500, '00'],
      ])('where sleep takes no fractions, %s', (_, perLook, on) => {
        const { dir } = run(awk, { looks: [two, two, two], nap: '1', edit: clocked(perLook) });
        expect([enabled(dir), bursts(dir)]).toEqual([on, []]);
      });

      it.each([
        ['a large buffer all of a look that a small one cannot hold', 512, '11', []],
        ['a small buffer a part of it', 64, '00', ['sleep 0.128; e']],
      ])('%s', (_, sample, on, moments) => {
        const { dir } = run(awk, { looks: [two, two, two], sample, edit: clocked(1000) });
        expect([enabled(dir), bursts(dir)]).toEqual([on, moments]);
      });
    });
  });

  it('tells a reset of a connection that stood, a look later', () =>
    expect(run(awk, { looks: [[reset(40_000)], [], []] }).of('ev')).toEqual([
      expect.stringContaining('tcp_receive_reset'),
    ]));

  it('a name may hold anything', () => {
    const names = ['-1 [0] . 1.1: a', 'nd-tick 0', '\t|x', 'CPU:1 [LOST 9', '\x1b[31m', '@n0123456789ab'];
    const { of, told } = run(awk, { looks: names.map((n, i) => [fails(`${n}-419430${i}`, '.....', 40_000, 80 + i)]) });
    expect(of('ev').map((e) => e.split('\t')[1])).toEqual([
      '4194300',
      '4194301',
      '4194302',
      '4194303',
      '4194304',
      '4194305',
    ]);
    expect(told.join('')).toMatch(/^[ -~\t]*$/);
    expect(of('lost')).toEqual([]);
  });

  it('tells some of very many one by one, and counts the rest', () => {
    const many = Array.from({ length: 400 }, (_, i) => fails('a-1', '.....', 40_000 + i, 80 + i));
    const { of } = run(awk, { looks: [many] });
    const counted = of('sum').map((s) => Number(s.split('\t')[0]));
    const more = Number(of('more')[0]);
    expect(of('ev')).toHaveLength(5);
    expect(counted).toHaveLength(30);
    expect(counted.reduce((a, b) => a + b, 0) + more).toBe(395);
  });

  it('counts what the kernel lost', () =>
    expect(run(awk, { looks: [['CPU:1 [LOST 12 EVENTS]', 'CPU:0 [LOST 3 EVENTS]']] }).of('lost')).toEqual(['15']));

  it('looks at what is too much only now and then', () => {
    const { of, dir } = run(awk, { looks: [many(501, ' reason: NETFILTER_DROP'), []] });
    expect(of('off')).toEqual(['kfree_skb']);
    expect(of('sum').map((s) => s.split('\t')[0])).toEqual(['501']);
    expect(readFileSync(join(dir, 'events/skb/kfree_skb/enable'), 'utf8')).toBe('0\n');
  });

  it.each(['NOT_SPECIFIED', 'NO_SOCKET'])('of very many drops for %s it still sees the others', (reason) => {
    const { of, dir } = run(awk, {
      looks: [[...many(501, ` reason: ${reason}`), ...many(400, ' reason: QDISC_DROP')]],
    });
    const folder = join(dir, 'events/skb/kfree_skb');
    expect(of('off')).toEqual(['idle']);
    expect(readFileSync(join(folder, 'filter'), 'utf8')).toBe(
      '(protocol == 2048 || protocol == 34525) && reason != 2 && reason != 3\n',
    );
    expect(readFileSync(join(folder, 'enable'), 'utf8')).toBe('1\n');
  });

  it('and after ten seconds sees them all again', () => {
    const quiet = Array.from({ length: 21 }, (): string[] => []);
    const { of, dir } = run(awk, { looks: [many(501, ' reason: NOT_SPECIFIED'), ...quiet] });
    expect(of('on')).toEqual(['idle']);
    expect(readFileSync(join(dir, 'events/skb/kfree_skb/filter'), 'utf8')).toBe(
      '(protocol == 2048 || protocol == 34525)\n',
    );
  });

  it('where their numbers are not known they count with all others', () =>
    expect(run(awk, { looks: [many(501, ' reason: NOT_SPECIFIED'), []], idle: '' }).of('off')).toEqual(['kfree_skb']));

  it.each([
    [4000, []],
    [4001, ['kfree_skb']],
  ])('of drops without a reason it bears more: %d', (n, off) =>
    expect(run(awk, { looks: [many(n, ''), []], idle: '' }).of('off')).toEqual(off),
  );

  it('of very many connects that begin it still sees those that fail', () => {
    const { of, dir } = run(awk, { looks: [Array.from({ length: 501 }, (_, i) => opens(`a-${i}`)), []] });
    expect(of('off')).toEqual(['opened']);
    const folder = join(dir, 'events/sock/inet_sock_set_state');
    expect(readFileSync(join(folder, 'filter'), 'utf8')).toBe('protocol == 6 && oldstate == 2 && newstate == 7\n');
    expect(readFileSync(join(folder, 'enable'), 'utf8')).toBe('1\n');
  });

  it('and after ten seconds at all again', () => {
    const quiet = Array.from({ length: 21 }, (): string[] => []);
    const { of, dir } = run(awk, { looks: [many(501, ' reason: NETFILTER_DROP'), ...quiet] });
    expect(of('on')).toEqual(['kfree_skb']);
    expect(readFileSync(join(dir, 'events/skb/kfree_skb/enable'), 'utf8')).toBe('1\n');
  });

  it('prints no address of the kernel, but the name of the function', () => {
    const symbols = [
      ...['0000000000000000 A fixed_percpu_data', 'ffffffff81000000 T _text', 'ffffffff81001000 t tcp_drop'],
      ...['ffffffff81001800 d no_function', 'ffffffff81002000 T udp_drop', 'ffffffffc0001000 t nf_drop\t[nf]'],
    ];
    const looks = [
      [
        ...[drop('ffffffff81001fff'), drop('ffffffff81002000', ''), drop('ffffffffc0001234')],
        drop('ffffffff81001234', ' reason: NO_SOCKET'),
      ],
    ];
    const { of, stdout } = run(awk, { looks, symbols });
    expect(
      of('sum')
        .map((s) => s.replace(/.* location=/, ''))
        .sort(),
    ).toEqual([
      ...[
        '- reason: NO_SOCKET',
        'nf_drop+0x0/0x0 reason: NOT_SPECIFIED',
        'tcp_drop+0x0/0x0 reason: NOT_SPECIFIED',
        'udp_drop+0x0/0x0',
      ],
    ]);
    expect(stdout).not.toMatch(/ffff[0-9a-f]{8}/);
  });

  it('without the right to see addresses there is no name', () => {
    const symbols = ['0000000000000000 A fixed_percpu_data', '0000000000000000 T _text', '0000000000000000 t tcp_drop'];
    expect(run(awk, { looks: [[drop('ffffffff81001fff')]], symbols }).of('sum')).toMatchObject([
      expect.stringMatching(/location=- reason: NOT_SPECIFIED$/),
    ]);
  });

  it('ends with its time, and with its shell', () => {
    expect(run(awk, { looks: [[], []], seconds: 0 }).of('end')).toEqual(['time']);
    expect(run(awk, { looks: [[]] }).of('end')).toEqual(['input']);
  });
});
