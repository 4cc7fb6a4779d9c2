import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { WatchEvent } from '../../src/core/watch.ts';
import { unprintable } from '../../src/lib/unprintable.ts';
import { liveWatch } from '../../src/reporters/live-watch.ts';
import { begin, connect, drops, names, probeFailed, readyAfter } from '../support/watch-events.ts';

const plain = { of: 'node1', seconds: 600, color: false, unicode: true };
const watched = (events: readonly WatchEvent[], now = 1, options: Partial<typeof plain> = {}) => {
  const watch = liveWatch({ ...plain, ...options });
  return { watch, told: watch.add(events, names, null, now) };
};

/** A second of a busy node. */
const busy: readonly WatchEvent[] = [
  begin,
  connect(40_000),
  connect(40_001),
  drops('nft_do_chain', 312, 101),
  { kind: 'counter', space: '5', name: 'ListenDrops', count: 3, atSeconds: 101 },
  connect(31055, 102),
];

describe('the block', () => {
  it.each([
    [
      40,
      [
        'watching node1: 2m13s of 10m0s',
        '312  0/s  2m12s  IPv4 packets dropped: …',
        '  3  0/s  2m12s  ListenDrops in network…',
        '  2  0/s  2m12s  kubelet → shop/cart-7 …',
        '  1  0/s  2m12s  kubelet → shop/cart-7 …',
      ],
    ],
    [
      80,
      [
        'watching node1: 2m13s of 10m0s; Ctrl-C ends it',
        '312  0/s  2m12s ago  IPv4 packets dropped: NETFILTER_DROP (nft_do_chain); a fir…',
        '  3  0/s  2m12s ago  ListenDrops in network namespace 5: connections dropped by…',
        '  2  0/s  2m12s ago  kubelet → shop/cart-7 10.244.1.2:8080: refused, nobody lis…',
        '  1  0/s  2m12s ago  kubelet → shop/cart-7 10.244.1.2:8080, the NodePort of sho…',
      ],
    ],
    [
      200,
      [
        'watching node1: 2m13s of 10m0s; Ctrl-C ends it',
        '312  0/s  2m12s ago  IPv4 packets dropped: NETFILTER_DROP (nft_do_chain); a firewall rule threw them away (see firewall/drops)',
        '  3  0/s  2m12s ago  ListenDrops in network namespace 5: connections dropped by listeners, those of ListenOverflows among them (see sockets/syn-queue)',
        '  2  0/s  2m12s ago  kubelet → shop/cart-7 10.244.1.2:8080: refused, nobody listens there or a rule rejects it',
        '  1  0/s  2m12s ago  kubelet → shop/cart-7 10.244.1.2:8080, the NodePort of shop/web: refused, nobody listens there or a rule rejects it',
      ],
    ],
  ])('%i columns wide', (width, want) => expect(watched(busy).watch.block(133.9, width, 24)).toEqual(want));

  it('tells the rate of the last ten seconds, of those that there were', () => {
    const { watch } = watched([drops('a', 30)]);
    const rate = (now: number): string => watch.block(now, 80, 24)[1]?.split(/ +/)[1] ?? '';
    expect([1, 3, 9].map(rate)).toEqual(['30/s', '10/s', '3.3/s']);
    watch.add([drops('a', 1)], names, null, 10.5);
    expect([10.9, 11, 19.9, 20].map(rate)).toEqual(['3.1/s', '0.1/s', '0.1/s', '0/s']);
  });

  it('the most frequent first, then the most recent', () => {
    const { watch } = watched([drops('a', 900), drops('b', 1)], 1);
    watch.add([drops('c', 5)], names, null, 30);
    watch.add([drops('d', 9)], names, null, 31);
    watch.add([drops('b', 1)], names, null, 15);
    const order = watch.block(35, 80, 24).map((line) => /\((.)\)/.exec(line)?.[1]);
    expect(order).toEqual([undefined, 'd', 'c', 'b', 'a']);
  });

  it.each([
    [10, 6, 'and 16 more kinds'],
    [24, 20, 'and 2 more kinds'],
    [26, 21, ' 1  0.1/s  0s ago  IPv4 packets dropped: NETFILTER_DROP (f19); a firewall rule …'],
  ])('fits a height of %i', (height, lines, last) => {
    const { watch } = watched(
      Array.from({ length: 20 }, (_, i) => drops(`f${i}`, 20 - i)),
      10,
    );
    const block = watch.block(10, 80, height);
    expect([block.length, block.at(-1)]).toEqual([lines, last]);
  });

  it.each([1, 2, 3, 4, 5])('has a head and a row at a height of %i', (height) =>
    expect(watched(busy).watch.block(1, 80, height)).toHaveLength(2),
  );

  it.each([1, 10, 20])('cuts what does not fit into %i columns', (width) => {
    for (const line of watched(busy).watch.block(1, width, 24)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  });

  it('is no more than the time where the watch lasts longer', () =>
    expect(watched([]).watch.block(700, 80, 24)).toEqual(['watching node1: 10m0s of 10m0s; Ctrl-C ends it']));
});

describe('what matters', () => {
  it('is told once and for good, and a victim counts too', () => {
    const { watch, told } = watched([...busy, { kind: 'lost', count: 7, atSeconds: 103 }]);
    expect(told).toEqual([
      '   +0.0 s  watching a',
      '   +2.0 s  kubelet → shop/cart-7 10.244.1.2:8080 from port 31055, the NodePort of shop/web: refused, nobody listens there or a rule rejects it',
      '   +3.0 s  7 events came faster than the kernel could keep them, and are lost',
    ]);
    expect(watch.ending(62)).toEqual([
      'Seen in 1m2s:',
      '  312 × IPv4 packets dropped: NETFILTER_DROP (nft_do_chain); a firewall rule threw them away (see firewall/drops)',
      '  3 × ListenDrops in network namespace 5: connections dropped by listeners, those of ListenOverflows among them (see sockets/syn-queue)',
      '  2 × kubelet → shop/cart-7 10.244.1.2:8080: refused, nobody listens there or a rule rejects it',
      '  1 × kubelet → shop/cart-7 10.244.1.2:8080, the NodePort of shop/web: refused, nobody listens there or a rule rejects it',
    ]);
  });

  it('what pods come to is told for good, each time; what is a victim counts too, whatever its port and time', () => {
    const readiness = 'readiness probe of shop/cart-7 failed';
    const taken = 'the NodePort of shop/web, and its SYN-ACK went elsewhere';
    const { watch, told } = watched([
      ...[probeFailed([31055], 3), readyAfter(null, 101), readyAfter(12.4, 113), probeFailed([40_000], 2, 120)],
      ...[probeFailed([31055, 40_001], 2, 130), readyAfter(null, 131), readyAfter(0.3, 132)],
    ]);
    expect(told.map((line) => line.trim())).toEqual([
      `+0.0 s  ${readiness} (3 times): i/o timeout; kubelet's connect came from port 31055, ${taken}`,
      '+1.0 s  shop/cart-7 is not Ready any more: ContainersNotReady (written by kubelet)',
      '+13.0 s  shop/cart-7 is Ready again after 12 s (written by kubelet)',
      `+20.0 s  ${readiness} (2 times): i/o timeout; kubelet's connect came from port 40000`,
      `+30.0 s  ${readiness} (2 times): i/o timeout; kubelet's connects came from ports 31055 (${taken}), 40001`,
      '+31.0 s  shop/cart-7 is not Ready any more: ContainersNotReady (written by kubelet)',
      '+32.0 s  shop/cart-7 is Ready again after 0.3 s (written by kubelet)',
    ]);
    expect(watch.ending(60)).toEqual([
      'Seen in 1m0s:',
      `  5 × ${readiness}: i/o timeout; from a NodePort; its SYN-ACK went elsewhere`,
      '  2 × shop/cart-7 is not Ready any more: ContainersNotReady (written by kubelet)',
      '  2 × shop/cart-7 is Ready again (written by kubelet)',
    ]);
  });

  it('the device of drops is a kind, however many samples say so', () => {
    const drop = { kind: 'drop', protocol: 'IPv4', reason: 'NETFILTER_DROP', symbol: 'f' } as const;
    const passage = { way: 'in', device: '\x1b[2J', sender: 'veth1', port: null } as const;
    const device = (sampled: number): WatchEvent => ({
      kind: 'device',
      atSeconds: 100,
      count: 4,
      sampled,
      passage,
      drop,
    });
    const { watch, told } = watched([device(4), device(5)]);
    expect(told).toEqual([]);
    expect(watch.ending(60)).toEqual([
      'Seen in 1m0s:',
      '  8 × IPv4 packets dropped: NETFILTER_DROP (f): came in by veth1, then \\x1b[2J (samples)',
    ]);
  });

  it('drops that are mostly no fault are one kind', () => {
    const drop = (reason: string | null, symbol: string): WatchEvent => ({
      ...{ kind: 'seen', count: 2, atSeconds: 100, last: { kind: 'drop', protocol: 'IPv4', reason, symbol } },
    });
    const { watch, told } = watched([
      ...[drop('NO_SOCKET', 'tcp_v4_rcv'), drop('NO_SOCKET', '__udp4_lib_rcv'), drop('NOT_SPECIFIED', 'tipc_rcv')],
      ...[drop(null, 'tcp_v6_rcv'), drops('nft_do_chain')],
    ]);
    expect(told).toEqual([]);
    expect(watch.ending(10)).toEqual([
      'Seen in 10s:',
      '  8 × drops that are mostly no fault: nobody waits for the packets, or the kernel does not say why',
      expect.stringMatching(/^ {2}1 × IPv4 packets dropped: NETFILTER_DROP \(nft_do_chain\)/),
    ]);
  });

  it('does not flood', () => {
    const { watch, told } = watched(Array.from({ length: 10_000 }, () => connect(31055)));
    expect(told).toHaveLength(20);
    expect(watch.add([connect(31055)], names, null, 11)).toHaveLength(1);
    expect(watch.block(11, 80, 24)).toHaveLength(2);
    expect(watch.block(11, 80, 24)[1]).toMatch(/^10001 /);
  });

  it('nothing seen leaves nothing', () => expect(watched([begin]).watch.ending(60)).toEqual([]));
});

it('of ten thousand kinds those are kept that came last', () => {
  const { watch } = watched(
    Array.from({ length: 10_000 }, (_, i) => drops(`f${i}`, 1)),
    100,
  );
  const block = watch.block(100, 80, 1000);
  expect(block).toHaveLength(502);
  expect(block.at(-1)).toBe('9500    0/s  0s ago  more of other kinds');
  const ending = watch.ending(100);
  expect(ending).toHaveLength(42);
  expect(ending[1]).toBe('  9500 × more of other kinds');
});

it('of several nodes each tells its own, by its own clock', () => {
  const watch = liveWatch({ ...plain, of: '2 nodes' });
  expect(watch.add([begin], names, 'node1', 1)).toEqual(['   +0.0 s  node1  watching a']);
  const later = [{ ...begin, atSeconds: 9000 }, drops('a', 2, 9001), { ...connect(31055), atSeconds: 9002 }];
  expect(watch.add(later, names, 'node2', 1)[1]).toMatch(/^ {3}\+2\.0 s {2}node2 {2}kubelet/);
  watch.add([drops('a', 3)], names, 'node1', 1);
  expect(watch.block(1, 80, 24).slice(1, 3)).toEqual([
    '3  3.0/s  0s ago  node1  IPv4 packets dropped: NETFILTER_DROP (a); a firewall r…',
    '2  2.0/s  0s ago  node2  IPv4 packets dropped: NETFILTER_DROP (a); a firewall r…',
  ]);
});

describe('looks', () => {
  it('only ASCII where the terminal knows no more', () => {
    const { watch, told } = watched([...busy, connect(1, 100, 'kübelet')], 1, { unicode: false });
    const all = [...told, ...watch.block(2, 40, 24), ...watch.ending(2)].join('');
    expect(all).toMatch(/^[\x20-\x7e]*$/);
    expect(all).toContain('k?belet -> shop/cart-7');
  });

  it('coloured, if that is wished', () => {
    const { watch, told } = watched(busy, 1, { color: true });
    expect(told.map((line) => line.slice(0, 5))).toEqual(
      ['\x1b[2m ', '\x1b[31m'].map((s) => expect.stringContaining(s.trim())),
    );
    expect(watch.block(1, 80, 24).map((line) => line.startsWith('\x1b['))).toEqual([true, false, false, false, true]);
    for (const line of watch.block(50, 40, 24)) expect(stringWidth(line)).toBeLessThanOrEqual(40);
  });

  it('red what is a victim, yellow a probe that failed, green a pod that is Ready again', () => {
    const events = [probeFailed([31055]), probeFailed([40_000]), readyAfter(null), readyAfter(1)];
    const { watch, told } = watched(events, 1, { color: true });
    const colours = (lines: readonly string[]) => lines.map((line) => /^\x1b\[(\d+)m/.exec(line)?.[1] ?? 'none');
    expect(colours(told)).toEqual(['31', '33', '31', '32']);
    expect(colours(watch.block(1, 80, 24))).toEqual(['1', '31', '31', 'none']);
  });

  it('nothing that a terminal would obey', () => {
    const hostile = '\x1b[2J\x1b]0;x\x07\n\r\u202e\x9b31m';
    const events = [connect(1, 100, hostile), connect(31055, 100, hostile), drops(hostile)];
    const { watch } = watched([], 1, { of: hostile });
    const told = watch.add(events, names, hostile, 1);
    expect(told).toHaveLength(1);
    const block = watch.block(1, 200, 24);
    expect(block[0]).toContain('\\x1b[2J');
    for (const line of [...told, ...block, ...watch.ending(1)]) expect(line.search(unprintable)).toBe(-1);
  });
});
