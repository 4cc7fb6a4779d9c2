import { describe, expect, it } from 'vitest';
import type { Opener, Trace, WatchEvent, WatchNames } from '../../src/core/watch.ts';
import { plainWatch } from '../../src/reporters/plain-watch.ts';
import { watchRecord } from '../../src/reporters/watch-record.ts';

const names: WatchNames = {
  serviceOf: (port) => (port === 31055 ? 'shop/web' : null),
  podAt: (ip) => ({ '10.244.1.2': 'shop/cart-7', '10.244.2.7': 'shop/web-5' })[ip] ?? null,
  podOf: (o) => (o.podUid === null ? null : 'shop/client-1'),
  spaceOf: (space) => ({ '6': 'pod shop/cart-7', '7': 'the network namespace of \x1b[2J\u202e, pid 9' })[space] ?? null,
  strictIn: (space) => (space === '9' ? ['eth0', '\x1b[2J', 'a', 'b', 'c'] : space === '8' ? ['eth0'] : []),
  podBy: ({ way, device, sender }) => {
    const owner = 'pod shop/web-5';
    if (device === 'veth1') return { way: way === 'in' ? 'from' : 'into', owner, veth: device };
    return sender === 'veth1' ? { way: 'into', owner, veth: sender } : null;
  },
};
const kubelet: Opener = {
  thread: 215,
  pid: 213,
  process: 'kubelet',
  containerId: null,
  podUid: null,
  unit: 'kubelet.service',
};
const source = { ip: '10.244.1.1', port: 31055 };
const destination = { ip: '10.244.1.2', port: 8080 };
const mirror = { client: destination, virtual: source, backend: { ip: '10.244.2.7', port: 80 }, state: 'SYN_RECV' };
const connect: Extract<WatchEvent, { kind: 'connect' }> = {
  ...{ kind: 'connect', outcome: 'no-answer', atSeconds: 100, source, destination },
  ...{ opener: kubelet, mirrors: [mirror], tracked: 'SYN_RECV', fell: null },
};
const dropped = { kind: 'drop', protocol: 'IPv4', symbol: 'f' } as const;
const device = (
  way: 'in' | 'out',
  name: string,
  sender: string | null = null,
  port: string | null = null,
): Extract<WatchEvent, { kind: 'device' }> => ({
  ...{ kind: 'device', atSeconds: 100, count: 5, sampled: 6, passage: { way, device: name, sender, port } },
  drop: { ...dropped, reason: 'NETFILTER_DROP' },
});
const texts = (...events: WatchEvent[]): string[] => plainWatch()(events, names, null).map((l) => l.trim());
const other = { ip: 'fd00::2', port: 50_000 };
const pod = { namespace: 'shop', name: 'cart-7' };
const failed: Extract<WatchEvent, { kind: 'probe-failed' }> = {
  ...{ kind: 'probe-failed', atSeconds: 100, pod, container: 'web', probe: 'readiness', destination, count: 1 },
  ...{ text: 'Get "http://10.244.1.2:8080/": dial tcp 10.244.1.2:8080: i/o timeout', connects: [] },
};
const ready: Extract<WatchEvent, { kind: 'ready' }> = {
  ...{ kind: 'ready', atSeconds: 100, pod, ready: true, by: 'kubelet', why: null, awaySeconds: 12.4 },
};
const text = (e: WatchEvent): string[] => texts(e).map((l) => l.replace(/^\+0\.0 s {2}/, ''));

describe('a line', () => {
  it.each<[WatchEvent, string]>([
    [
      connect,
      'kubelet → shop/cart-7 10.244.1.2:8080 from port 31055, the NodePort of shop/web: given up without an answer; its SYN-ACK went to shop/web-5 10.244.2.7:80',
    ],
    [
      {
        ...connect,
        outcome: 'waiting',
        opener: { ...kubelet, process: 'curl', podUid: 'x' },
        mirrors: [],
        source: other,
      },
      'curl of shop/client-1 → shop/cart-7 10.244.1.2:8080 from port 50000: no answer yet, its SYN was sent again',
    ],
    [
      {
        ...connect,
        outcome: 'refused',
        opener: null,
        mirrors: [],
        source: other,
        destination: { ip: 'fd00::3', port: 80 },
      },
      'fd00::2 → [fd00::3]:80 from port 50000: refused, nobody listens there or a rule rejects it',
    ],
    [
      { ...connect, mirrors: [], source: other, fell: { ...dropped, reason: 'NETFILTER_DROP' } },
      'kubelet → shop/cart-7 10.244.1.2:8080 from port 50000: given up without an answer; probably dropped on this node as it began: NETFILTER_DROP (see firewall/drops)',
    ],
    [
      { ...connect, outcome: 'refused', mirrors: [], source: other, fell: { ...dropped, reason: 'NETFILTER_DROP' } },
      'kubelet → shop/cart-7 10.244.1.2:8080 from port 50000: refused, probably by a rule of this node (see firewall/drops)',
    ],
    [
      { ...connect, mirrors: [], source: other, fell: { ...dropped, reason: 'OF_TOMORROW' } },
      'kubelet → shop/cart-7 10.244.1.2:8080 from port 50000: given up without an answer; probably dropped on this node as it began: OF_TOMORROW',
    ],
    [
      { ...connect, mirrors: [], source: other, fell: { ...dropped, reason: null } },
      'kubelet → shop/cart-7 10.244.1.2:8080 from port 50000: given up without an answer; probably dropped on this node as it began: f',
    ],
    [
      { ...connect, mirrors: [], source: other, fell: { ...dropped, reason: null, symbol: null } },
      'kubelet → shop/cart-7 10.244.1.2:8080 from port 50000: given up without an answer; probably dropped on this node as it began: no reason given',
    ],
    [
      { ...connect, fell: { ...dropped, reason: 'NETFILTER_DROP' } },
      'kubelet → shop/cart-7 10.244.1.2:8080 from port 31055, the NodePort of shop/web: given up without an answer; its SYN-ACK went to shop/web-5 10.244.2.7:80',
    ],
    [
      { kind: 'socket', atSeconds: 100, source, destination, mirrors: [] },
      '10.244.1.1 → shop/cart-7 10.244.1.2:8080 from port 31055, the NodePort of shop/web: no answer yet',
    ],
    [
      { kind: 'reset', atSeconds: 100, source: destination, destination: other, opener: kubelet },
      'shop/cart-7 10.244.1.2:8080 reset a connection of kubelet, port 50000; it gave it up or has forgotten it',
    ],
    [
      { kind: 'waiting', atSeconds: 100, space: '5', listener: destination, connections: 129 },
      'shop/cart-7 10.244.1.2:8080 turned connections away: 129 wait to be accepted (network namespace 5)',
    ],
    [
      { kind: 'waiting', atSeconds: 100, space: '6', listener: destination, connections: 129 },
      'shop/cart-7 10.244.1.2:8080 turned connections away: 129 wait to be accepted',
    ],
    [
      { kind: 'waiting', atSeconds: 100, space: '6', listener: { ip: '::', port: 80 }, connections: 5 },
      '[::]:80 turned connections away: 5 wait to be accepted (pod shop/cart-7)',
    ],
    [device('in', 'eth0'), 'IPv4 packets dropped: NETFILTER_DROP (f): came in by eth0 (5 of 6 samples)'],
    [
      device('in', 'eth1', 'veth2'),
      'IPv4 packets dropped: NETFILTER_DROP (f): came in by veth2, then eth1 (5 of 6 samples)',
    ],
    [
      device('in', 'br0', 'eth1', 'veth2'),
      'IPv4 packets dropped: NETFILTER_DROP (f): came in by eth1, then veth2, then br0 (5 of 6 samples)',
    ],
    [device('in', 'lo', 'lo'), 'IPv4 packets dropped: NETFILTER_DROP (f): came in by lo (5 of 6 samples)'],
    [device('out', 'eth0'), 'IPv4 packets dropped: NETFILTER_DROP (f): on their way out by eth0 (5 of 6 samples)'],
    [
      device('in', 'veth1', 'eth0'),
      'IPv4 packets dropped: NETFILTER_DROP (f): from pod shop/web-5 by veth1 (5 of 6 samples)',
    ],
    [
      device('in', 'eth0', 'veth1'),
      'IPv4 packets dropped: NETFILTER_DROP (f): into pod shop/web-5 by veth1 (5 of 6 samples)',
    ],
    [failed, 'readiness probe of shop/cart-7 failed: i/o timeout'],
    [
      {
        ...failed,
        ...{ count: 3, text: 'Get "http://10.244.1.2:8080/": context deadline exceeded' },
        connects: [{ source, service: 'shop/web', taken: true }],
      },
      "readiness probe of shop/cart-7 failed (3 times): context deadline exceeded; kubelet's connect came from port 31055, the NodePort of shop/web, and its SYN-ACK went elsewhere",
    ],
    [
      { ...failed, probe: 'liveness', text: ' ', connects: [{ source: other, service: null, taken: false }] },
      "liveness probe of shop/cart-7 failed: no reason given; kubelet's connect came from port 50000",
    ],
    [
      { ...failed, connects: [{ source: other, service: null, taken: true }] },
      "readiness probe of shop/cart-7 failed: i/o timeout; kubelet's connect came from port 50000, and its SYN-ACK went elsewhere",
    ],
    [
      {
        ...failed,
        count: 9,
        connects: [
          { source, service: 'shop/web', taken: true },
          ...Array.from({ length: 6 }, () => ({ source: other, service: null, taken: false })),
        ],
      },
      "readiness probe of shop/cart-7 failed (9 times): i/o timeout; kubelet's connects came from ports 31055 (the NodePort of shop/web, and its SYN-ACK went elsewhere), 50000, 50000, 50000, 50000 and 2 more",
    ],
    [ready, 'shop/cart-7 is Ready again after 12 s (written by kubelet)'],
    [{ ...ready, awaySeconds: 0.3, by: null }, 'shop/cart-7 is Ready again after 0.3 s'],
    [{ ...ready, awaySeconds: null }, 'shop/cart-7 is Ready now (written by kubelet)'],
    [
      { ...ready, ready: false, awaySeconds: null, why: 'ContainersNotReady' },
      'shop/cart-7 is not Ready any more: ContainersNotReady (written by kubelet)',
    ],
    [
      { ...ready, ready: false, awaySeconds: null, by: 'kube-controller-manager' },
      'shop/cart-7 is not Ready any more: no reason given (written by kube-controller-manager)',
    ],
    [{ kind: 'lost', atSeconds: 100, count: 7 }, '7 events came faster than the kernel could keep them, and are lost'],
    [
      { kind: 'less', atSeconds: 100, of: 'kfree_skb' },
      'so many of kfree_skb that they are looked at for half a second in ten',
    ],
    [
      { kind: 'less', atSeconds: 100, of: 'idle' },
      'so many packets dropped that nobody waits for, mostly no fault, that these are looked at for half a second in ten',
    ],
    [{ kind: 'begin', atSeconds: 100, by: 'trace', tracepoints: ['a', 'b'] }, 'watching a, b'],
    [
      { kind: 'begin', atSeconds: 100, by: 'sample', why: 'no tracefs' },
      'watching sockets and counters once a second: no tracefs',
    ],
  ])('%j', (event, want) => expect(text(event)).toEqual([want]));

  it.each<[WatchEvent]>([
    [{ kind: 'less', atSeconds: 100, of: 'opened' }],
    [{ kind: 'all', atSeconds: 100, of: 'kfree_skb' }],
    [{ kind: 'end', atSeconds: 100, why: 'time' }],
    [{ kind: 'begin', atSeconds: 100, by: 'none', why: 'awk: not found' }],
  ])('%j has none', (event) => expect(text(event)).toEqual([]));

  it('holds nothing that a terminal would obey', () =>
    expect(text({ ...connect, opener: { ...kubelet, process: '\x1b[31mx\n' } })[0]).toMatch(/^\\x1b\[31mx\\n → /));
});

describe('what counts by kind', () => {
  const drop: Trace = { kind: 'drop', protocol: 'IPv4', reason: 'NETFILTER_DROP', symbol: 'nft_do_chain' };
  const seen = (last: Trace, atSeconds: number, count = 1): WatchEvent => ({ kind: 'seen', count, last, atSeconds });
  const end: WatchEvent = { kind: 'end', why: 'time', atSeconds: 130 };

  it('is told every ten seconds and at the end, the most first', () =>
    expect(
      texts(
        { kind: 'begin', by: 'trace', tracepoints: ['a'], atSeconds: 100 },
        seen(drop, 101, 2),
        seen({ ...drop, reason: null, symbol: null }, 105, 3),
        seen(drop, 111),
        { kind: 'counter', space: '5', name: 'ListenDrops', count: 3, atSeconds: 120 },
        { kind: 'unlisted', count: 9, atSeconds: 121 },
        end,
      ),
    ).toEqual([
      '+0.0 s  watching a',
      '+11.0 s  3 × IPv4 packets dropped: NETFILTER_DROP (nft_do_chain); a firewall rule threw them away (see firewall/drops)',
      '+11.0 s  3 × IPv4 packets dropped: no reason given',
      '+30.0 s  9 × more that were not told',
      '+30.0 s  3 × ListenDrops in network namespace 5: connections dropped by listeners, those of ListenOverflows among them (see sockets/syn-queue)',
    ]));

  it('what is like one before but for its port, too; a victim never is', () => {
    const other = { ...connect, mirrors: [], source: { ip: '10.244.1.1', port: 40_000 } };
    const to = 'kubelet → shop/cart-7 10.244.1.2:8080';
    expect(
      texts(other, { ...other, source: { ...source, port: 40_001 } }, connect, { ...connect, atSeconds: 101 }, end).map(
        (l) => l.replace(/;.*/, ''),
      ),
    ).toEqual([
      `+0.0 s  ${to} from port 40000: given up without an answer`,
      `+0.0 s  ${to} from port 31055, the NodePort of shop/web: given up without an answer`,
      `+1.0 s  ${to} from port 31055, the NodePort of shop/web: given up without an answer`,
      `+30.0 s  1 × ${to}: given up without an answer`,
    ]);
  });

  it('by each node for itself, where there are several', () => {
    const lines = plainWatch();
    const told = (node: string, ...events: WatchEvent[]): string[] => lines(events, names, node).map((l) => l.trim());
    expect(told('a', seen(drop, 100))).toEqual([]);
    expect(told('b', { ...connect, atSeconds: 9000 })[0]).toMatch(/^\+0\.0 s {2}b {2}kubelet → /);
    expect(told('a', seen(drop, 109))).toEqual([]);
    expect(told('a', seen(drop, 110))).toEqual([
      '+10.0 s  a  3 × IPv4 packets dropped: NETFILTER_DROP (nft_do_chain); a firewall rule threw them away (see firewall/drops)',
    ]);
    expect(watchRecord(connect, names, 'b')).toMatchObject({ node: 'b' });
  });

  it('a probe that fails again, unless it came from a NodePort; what a pod comes to never does', () => {
    const victim = { ...failed, connects: [{ source, service: 'shop/web', taken: false }] };
    expect(texts(failed, failed, victim, victim, ready, ready, end).map((l) => l.replace(/^\S+ s {2}/, ''))).toEqual([
      'readiness probe of shop/cart-7 failed: i/o timeout',
      ...Array<string>(2).fill(
        "readiness probe of shop/cart-7 failed: i/o timeout; kubelet's connect came from port 31055, the NodePort of shop/web",
      ),
      ...Array<string>(2).fill('shop/cart-7 is Ready again after 12 s (written by kubelet)'),
      '1 × readiness probe of shop/cart-7 failed: i/o timeout',
    ]);
  });

  it('a probe that fails again from another port is of the kind of the one before, and counts as often as it failed', () => {
    const from = (port: number, count: number): WatchEvent => ({
      ...{ ...failed, count, connects: [{ source: { ...source, port }, service: null, taken: false }] },
    });
    expect(texts(from(40_000, 1), from(40_001, 3), from(40_002, 2), end)).toEqual([
      "+0.0 s  readiness probe of shop/cart-7 failed: i/o timeout; kubelet's connect came from port 40000",
      '+30.0 s  5 × readiness probe of shop/cart-7 failed: i/o timeout',
    ]);
  });

  it.each<[Trace, string]>([
    [
      { kind: 'udp-full', port: 53, ip: null, source: null },
      'datagrams for port 53 dropped: the receive buffer is full; its program reads too slowly (see sockets/udp-buffer)',
    ],
    [
      { kind: 'udp-full', port: 53, ip: '10.244.1.2', source: other },
      'datagrams for shop/cart-7 10.244.1.2:53 dropped: the receive buffer is full; its program reads too slowly (see sockets/udp-buffer)',
    ],
    [
      { kind: 'retransmit', source: other, destination, state: 'ESTABLISHED' },
      'segments sent again in ESTABLISHED, [fd00::2] → shop/cart-7 10.244.1.2:8080; packets are lost on the way, or the peer is slow or gone',
    ],
    [
      { kind: 'synack-retransmit', source: destination, destination: other },
      "SYN-ACKs sent again, shop/cart-7 10.244.1.2:8080 → [fd00::2]; the client's answer did not come, or the accept queue is full (see sockets/accept-queue)",
    ],
    [
      { kind: 'reset-sent', source: destination, destination: other, state: null, reason: null },
      'resets, shop/cart-7 10.244.1.2:8080 → [fd00::2]',
    ],
    [
      { kind: 'state', source: other, destination, from: 'SYN_SENT', to: 'CLOSE' },
      'connects that failed, [fd00::2] → shop/cart-7 10.244.1.2:8080',
    ],
  ])('%j', (last, want) => expect(texts(seen(last, 100), { ...end, atSeconds: 100 })).toEqual([`+0.0 s  1 × ${want}`]));

  it('what a counter counts is told in words, with whose it is; a name from the node is made harmless', () =>
    expect(
      texts(
        { kind: 'counter', space: '6', name: 'ListenOverflows', count: 3, atSeconds: 100 },
        { kind: 'counter', space: '7', name: 'RcvbufErrors', count: 2, atSeconds: 100 },
        { kind: 'counter', space: '6', name: 'constructor', count: 1, atSeconds: 100 },
        { kind: 'counter', space: '6', name: 'InDestUnreachs', count: 1, atSeconds: 100 },
        { ...end, atSeconds: 100 },
      ),
    ).toEqual([
      '+0.0 s  3 × ListenOverflows of pod shop/cart-7: connections turned away, the accept queue is full (see sockets/accept-queue)',
      '+0.0 s  2 × RcvbufErrors of the network namespace of \\x1b[2J\\u{202e}, pid 9: datagrams dropped, a receive buffer was full (see sockets/udp-buffer)',
      '+0.0 s  1 × constructor of pod shop/cart-7',
      '+0.0 s  1 × InDestUnreachs of pod shop/cart-7: ICMP errors came back while packets were dropped that are larger than the MTU of their way, probably its own (see mtu/mismatch)',
    ]));

  it.each([
    ['6', 'pod shop/cart-7', ''],
    ['8', 'network namespace 8', '; strict: eth0'],
    ['9', 'network namespace 9', '; strict: eth0, \\x1b[2J, a, b, … (5)'],
  ])('what the reverse path filter of %s drops is told with the devices where it is strict', (space, whose, strict) => {
    const counter: WatchEvent = { kind: 'counter', space, name: 'IPReversePathFilter', count: 2, atSeconds: 100 };
    const of = space === '6' ? 'of' : 'in';
    expect(texts(counter, { ...end, atSeconds: 100 })).toEqual([
      `+0.0 s  2 × IPReversePathFilter ${of} ${whose}: packets dropped, they came in by a device that does not lead back to their source${strict} (see kernel/reverse-path)`,
    ]);
    expect(watchRecord(counter, names, null)).toMatchObject({ strict: names.strictIn(space) });
  });

  it('drops that are mostly no fault are one line at the end', () => {
    const lines = texts(
      seen({ ...drop, reason: 'NO_SOCKET', symbol: 'tcp_v4_rcv' }, 100, 4),
      seen({ ...drop, reason: 'NOT_SPECIFIED', symbol: 'tipc_rcv' }, 105, 2),
      seen({ ...drop, reason: 'NOT_SPECIFIED', symbol: null }, 106),
      seen({ ...drop, reason: 'IP_NOPROTO' }, 107, 3),
      seen({ ...drop, reason: 'NO_SOCKET', symbol: '__udp4_lib_rcv' }, 115, 5),
      seen(drop, 116),
      { kind: 'unlisted', count: 1, atSeconds: 127 },
      end,
    );
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^\+27\.0 s {2}1 × IPv4 packets dropped: NETFILTER_DROP/);
    expect(lines[2]).toBe(
      '+30.0 s  15 × packets dropped that nobody waits for, or whose end the kernel does not explain, mostly no fault: 9 × NO_SOCKET, 3 × IP_NOPROTO, 2 × tipc_rcv, …',
    );
  });

  it('the device of drops is told at once; the same again within ten seconds counts, however many samples say so', () => {
    const again = device('in', 'eth0');
    expect(
      texts(again, { ...again, sampled: 9, atSeconds: 101 }, device('in', 'eth1'), { ...end, atSeconds: 102 }),
    ).toEqual([
      '+0.0 s  IPv4 packets dropped: NETFILTER_DROP (f): came in by eth0 (5 of 6 samples)',
      '+0.0 s  IPv4 packets dropped: NETFILTER_DROP (f): came in by eth1 (5 of 6 samples)',
      '+2.0 s  5 × IPv4 packets dropped: NETFILTER_DROP (f): came in by eth0 (samples)',
    ]);
  });

  it('of very many kinds the rest is one', () => {
    const many = Array.from({ length: 100 }, (_, i) => seen({ ...drop, symbol: `f${i}` }, 100));
    const lines = texts(...many, end);
    expect(lines).toHaveLength(41);
    expect(lines[0]).toMatch(/60 × more of other kinds$/);
  });
});

describe('as an object', () => {
  it('a connect with what the cluster calls it', () =>
    expect(watchRecord(connect, names, null)).toEqual({
      ...{ apiVersion: 'netdoctor/v1', kind: 'WatchEvent', event: 'connect', outcome: 'no-answer', atSeconds: 100 },
      ...{ source, destination, opener: kubelet, mirrors: [mirror], tracked: 'SYN_RECV', fell: null },
      ...{ service: 'shop/web', pod: null, destinationPod: 'shop/cart-7' },
    }));
  it('what a network namespace counts with whose it is', () => {
    const counter: WatchEvent = { kind: 'counter', space: '6', name: 'ListenDrops', count: 3, atSeconds: 2 };
    expect(watchRecord(counter, names, null)).toMatchObject({
      space: '6',
      owner: 'pod shop/cart-7',
      name: 'ListenDrops',
    });
    expect(watchRecord({ ...counter, space: '8' }, names, null)).toMatchObject({ space: '8', owner: null });
    expect(
      watchRecord({ kind: 'waiting', space: '6', listener: destination, connections: 1, atSeconds: 2 }, names, null),
    ).toMatchObject({ event: 'waiting', owner: 'pod shop/cart-7' });
  });
  it('a drop with what it probably is', () => {
    const last: Trace = { kind: 'drop', protocol: 'IPv4', reason: 'PKT_TOO_BIG', symbol: null };
    const event: WatchEvent = { kind: 'seen', count: 2, last, atSeconds: 2 };
    expect(watchRecord(event, names, null)).toMatchObject({
      ...{ event: 'seen', last, see: 'mtu/mismatch', probably: 'they are larger than the MTU of the way ahead' },
    });
    expect(watchRecord({ ...event, last: { ...last, reason: 'OF_TOMORROW' } }, names, null)).toMatchObject({
      ...{ probably: null, see: null },
    });
  });
  it('the device of drops with the pod behind it', () => {
    const passage = { way: 'in', device: 'eth0', sender: 'veth1', port: null };
    expect(watchRecord(device('in', 'eth0', 'veth1'), names, null)).toEqual({
      ...{ apiVersion: 'netdoctor/v1', kind: 'WatchEvent', event: 'device', atSeconds: 100, count: 5, sampled: 6 },
      ...{ passage, drop: { ...dropped, reason: 'NETFILTER_DROP' } },
      podPassage: { way: 'into', owner: 'pod shop/web-5', veth: 'veth1' },
    });
    expect(watchRecord(device('in', 'eth0'), names, null)).toMatchObject({ podPassage: null });
  });
  it('any other as it is', () =>
    expect(watchRecord({ kind: 'lost', count: 1, atSeconds: 2 }, names, null)).toEqual({
      ...{ apiVersion: 'netdoctor/v1', kind: 'WatchEvent', event: 'lost', count: 1, atSeconds: 2 },
    }));
  it('a failed probe', () =>
    expect(watchRecord(failed, names, null)).toEqual({
      ...{ apiVersion: 'netdoctor/v1', kind: 'WatchEvent', event: 'probe-failed', atSeconds: 100, pod },
      ...{ container: 'web', probe: 'readiness', destination, count: 1, text: failed.text, connects: [] },
    }));
  it('a pod that is Ready again', () =>
    expect(watchRecord(ready, names, null)).toEqual({
      ...{ apiVersion: 'netdoctor/v1', kind: 'WatchEvent', event: 'ready', atSeconds: 100, pod },
      ...{ ready: true, by: 'kubelet', why: null, awaySeconds: 12.4 },
    }));
});

describe('at the end', () => {
  const tally = { pod, probe: 'readiness', failed: 3, fromNodePort: 3, ports: [30_123, 31_055] } as const;
  it.each([
    [tally, '3 of 3 failed readiness probes of shop/cart-7 came from kubelet ports 30123, 31055, which are NodePorts'],
    [
      { ...tally, failed: 1, fromNodePort: 1, ports: [31_055] },
      '1 of 1 failed readiness probe of shop/cart-7 came from kubelet port 31055, which is a NodePort',
    ],
    [
      { ...tally, failed: 20, fromNodePort: 12, ports: Array.from({ length: 12 }, (_, i) => i + 1) },
      '12 of 20 failed readiness probes of shop/cart-7 came from kubelet ports 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more, which are NodePorts',
    ],
    [
      { ...tally, fromNodePort: 0, ports: [] },
      '3 failed readiness probes of shop/cart-7: no connect from a NodePort was seen',
    ],
  ])('%j', (t, want) => expect(text({ kind: 'probe-tally', atSeconds: 100, ...t })).toEqual([want]));
});
