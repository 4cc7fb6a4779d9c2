import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reduce } from '../../src/transports/watch/reduce.ts';
import { tempDir } from './collector/run-program.ts';

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
const awks = [['mawk', '-W', 'interactive'], ['gawk'], ['busybox', 'awk']].filter(([name = '']) => where(name) !== '');

const events = [
  ...['sock/inet_sock_set_state', 'tcp/tcp_retransmit_skb', 'tcp/tcp_retransmit_synack', 'tcp/tcp_receive_reset'],
  ...['tcp/tcp_send_reset', 'skb/kfree_skb', 'udp/udp_fail_queue_rcv_skb'],
];

interface Trace {
  /** Lines of each look. */
  readonly looks: readonly (readonly string[])[];
  readonly symbols?: readonly string[];
  readonly seconds?: number;
  /** What leaves out drops that are mostly no fault; '' where drops have no reasons. */
  readonly idle?: string;
}

/** Runs the program, which does not sleep, on a trace that was written before, in a directory that looks like an instance. Gives what it told, and that directory. */
const run = (
  awk: readonly string[],
  { looks, symbols = [], seconds = 100, idle = ' && reason != 2 && reason != 3' }: Trace,
) => {
  const dir = tempDir();
  for (const e of events) {
    mkdirSync(join(dir, 'events', e), { recursive: true });
    writeFileSync(join(dir, 'events', e, 'enable'), '1\n');
    writeFileSync(join(dir, 'events', e, 'filter'), '\n');
  }
  const table = join(dir, 'kallsyms');
  writeFileSync(table, symbols.map((s) => `${s}\n`).join(''));
  const mark = (n: number): string =>
    `             awk-77      [000] ..... 50.000000: tracing_mark_write: nd-tick ${n}`;
  const input = looks.flatMap((lines, i) => [...lines, mark(i)]).map((l) => `${l}\n`);
  const vars = {
    ...{ nonce: 'n0123456789abcdef', id: 'watch', begin: readFileSync('/proc/uptime', 'utf8').split(' ')[0] ?? '' },
    ...{ seconds: String(seconds), main: String(process.pid), nap: '0.5', boot: '0', dir, mode: 'mode\\ttrace\\tx' },
    ...{ drops: '(protocol == 2048 || protocol == 34525)', idle },
  };
  const [command = '', ...options] = awk;
  const assigned = Object.entries(vars).flatMap(([k, v]) => ['-v', `${k}=${v}`]);
  const program = reduce.replaceAll('/proc/kallsyms', table).replace('system("sleep " nap)', '');
  const r = spawnSync(command, [...options, ...assigned, program], {
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
    const at = (us: number, l: string): string => l.replace(' 49.000001:', ` 49.${String(us).padStart(6, '0')}:`);
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
