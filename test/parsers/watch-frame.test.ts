import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWatchFrame } from '../../src/parsers/watch-frame.ts';
import { watchedSuspects } from '../../src/parsers/watched-suspects.ts';
import { rawLines, textNear } from './fuzz.ts';

const addresses = 'saddr=10.244.21.1 daddr=10.244.21.3 saddrv6=::ffff:10.244.21.1 daddrv6=::ffff:10.244.21.3';
const line = (who: string, flags: string, event: string): string =>
  `         ${who}     [001] ${flags} 16820.153285: ${event}`;
const failed = line(
  'kubelet-215',
  '.....',
  `inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP sport=31055 dport=8080 ${addresses} oldstate=TCP_SYN_SENT newstate=TCP_CLOSE`,
);
const again = line(
  '<idle>-0',
  '..s2.',
  `tcp_retransmit_skb: family=AF_INET sport=31055 dport=8080 ${addresses} state=TCP_SYN_SENT`,
);
const reset = line(
  '<idle>-0',
  '..s2.',
  `tcp_receive_reset: family=AF_INET sport=40000 dport=8080 ${addresses} sock_cookie=1`,
);
const drop = line(
  '<idle>-0',
  '..s2.',
  'kfree_skb: skbaddr=0a protocol=2048 location=nft_do_chain+0x3e8/0x610 reason: NETFILTER_DROP',
);
const own = 'own\t215\t213\t0::/system.slice/kubelet.service\tkubelet';
const ipvs = 'ipvs\tTCP 0AF41503 1F90 0AF41501 794F 0AF40107 0050 SYN_RECV         58';
const other = 'ipvs\tTCP 0AF41504 1F90 0AF41501 794F 0AF40107 0050 SYN_RECV         58';
const flow =
  'flow\tipv4     2 tcp      6 58 SYN_RECV src=10.244.21.1 dst=10.244.21.3 sport=31055 dport=8080 src=10.244.21.3 dst=10.244.21.1 sport=8080 dport=31055 mark=0 zone=0 use=2';

const source = { ip: '10.244.21.1', port: 31055 };
const destination = { ip: '10.244.21.3', port: 8080 };
const kubelet = { thread: 215, pid: 213, process: 'kubelet', containerId: null, podUid: null, unit: 'kubelet.service' };
const mirror = {
  ...{ client: destination, virtual: source, backend: { ip: '10.244.1.7', port: 80 } },
  state: 'SYN_RECV',
};
const parse = (...lines: string[]) => parseWatchFrame(`${lines.join('\n')}\n`, 16821, true);
const ends = { source, destination, atSeconds: 16820.153285 };

describe('a frame', () => {
  it('joins a connect with who opened it, the IPVS connection the other way round and conntrack', () =>
    expect(parse(`ev\t-\t215\tkubelet\t${failed}`, own, other, ipvs, flow)).toEqual([
      {
        kind: 'connect',
        outcome: 'no-answer',
        ...ends,
        opener: kubelet,
        mirrors: [mirror],
        tracked: 'SYN_RECV',
        fell: null,
      },
    ]));

  it.each([
    ['sent again', `ev\t-\t215\tkubelet\t${again}`, { outcome: 'waiting' }],
    ['refused', `ev\trefused\t215\tkubelet\t${failed}`, { outcome: 'refused' }],
    [
      'of a process that is gone',
      `ev\t-\t216\tcurl\t${failed}`,
      { opener: { thread: 216, pid: null, process: 'curl', containerId: null, podUid: null, unit: null } },
    ],
    ['of nobody known', `ev\t-\t-\t-\t${again}`, { opener: null }],
  ])('a connect %s', (_, text, want) => expect(parse(text, own)).toMatchObject([want]));

  it('joins it with what was dropped as it began', () => {
    const fell = `fell\t::ffff:10.244.21.1 ::ffff:10.244.21.3 8080\t${drop}`;
    const dropped = { kind: 'drop', protocol: 'IPv4', reason: 'NETFILTER_DROP', symbol: 'nft_do_chain' };
    expect(parse(`ev\t-\t-\t-\t${again}`, fell)).toMatchObject([{ fell: dropped }]);
    expect(parse(`ev\trefused\t-\t-\t${failed}`, fell)).toMatchObject([{ outcome: 'refused', fell: dropped }]);
    for (const broken of [fell.replace(' 8080', ' 8081'), 'fell', 'fell\ta b c\td', fell.replace('kfree_skb', 'tcp_x')])
      expect(parse(`ev\t-\t-\t-\t${again}`, broken)).toMatchObject([{ fell: null }]);
  });

  it('without rows of IPVS nothing took the answer', () =>
    expect(parse(`ev\t-\t215\tkubelet\t${failed}`, other)).toMatchObject([{ mirrors: [], tracked: null, fell: null }]));

  it.each<[string, string, unknown[]]>([
    ['mode\ttrace\ta,b', '', [{ kind: 'begin', by: 'trace', tracepoints: ['a', 'b'], atSeconds: 16821 }]],
    ['mode\tsample\tno tracefs', '', [{ kind: 'begin', by: 'sample', why: 'no tracefs', atSeconds: 16821 }]],
    ['mode\tnone\tawk: not found', '', [{ kind: 'begin', by: 'none', why: 'awk: not found', atSeconds: 16821 }]],
    ['mode\tx\ty', '', []],
    [
      `ev\t-\t-\t-\t${reset}`,
      '',
      [
        {
          ...{ kind: 'reset', source: destination, destination: { ...source, port: 40000 } },
          ...{ opener: null, atSeconds: 16820.153285 },
        },
      ],
    ],
    [
      `sum\t12\t${drop}`,
      '',
      [
        {
          ...{ kind: 'seen', count: 12, atSeconds: 16821 },
          last: { kind: 'drop', protocol: 'IPv4', reason: 'NETFILTER_DROP', symbol: 'nft_do_chain' },
        },
      ],
    ],
    [
      `dev\t5\t6\tin\teth0\tveth1\t-\t${drop}`,
      '',
      [
        {
          ...{
            kind: 'device',
            count: 5,
            sampled: 6,
            passage: { way: 'in', device: 'eth0', sender: 'veth1', port: null },
          },
          drop: { kind: 'drop', protocol: 'IPv4', reason: 'NETFILTER_DROP', symbol: 'nft_do_chain' },
          atSeconds: 16821,
        },
      ],
    ],
    [
      `dev\t2\t2\tout\tlongest-name-15\t-\tveth2\t${drop}`,
      '',
      [expect.objectContaining({ passage: { way: 'out', device: 'longest-name-15', sender: null, port: 'veth2' } })],
    ],
    [
      'syn\t   4: 0115F40A:794F 0315F40A:1F90 02 00000001:00000000 01:00000043 00000000     0        0 99 2 0 100 0 0 10 -1',
      ipvs,
      [{ kind: 'socket', source, destination, mirrors: [mirror], atSeconds: 16821 }],
    ],
    [
      'cnt\t4026531840\tListenDrops\t3',
      '',
      [{ kind: 'counter', space: '4026531840', name: 'ListenDrops', count: 3, atSeconds: 16821 }],
    ],
    [
      'full\t5\t   4: 0115F40A:1F90 00000000:0000 0A 00000000:00000081 00:00000000 00000000     0        0 99 2 0 100 0 0 10 -1',
      '',
      [
        {
          ...{ kind: 'waiting', space: '5', listener: { ip: '10.244.21.1', port: 8080 } },
          ...{ connections: 129, atSeconds: 16821 },
        },
      ],
    ],
    ['more\t7', '', [{ kind: 'unlisted', count: 7, atSeconds: 16821 }]],
    ['lost\t7', '', [{ kind: 'lost', count: 7, atSeconds: 16821 }]],
    ['off\tkfree_skb', '', [{ kind: 'less', of: 'kfree_skb', atSeconds: 16821 }]],
    ['on\tkfree_skb', '', [{ kind: 'all', of: 'kfree_skb', atSeconds: 16821 }]],
    ['end\ttime', '', [{ kind: 'end', why: 'time', atSeconds: 16821 }]],
  ])('%s', (text, more, want) => expect(parse(text, more)).toEqual(want));

  it.each([
    [''],
    ['x'],
    [`ev\t?\t1\ta\t${failed}`],
    ['ev\t-\t1\ta\tx'],
    [`ev\t-\t1\ta\t${drop}`],
    [`ev\t-\t1\ta\t${failed.replace('newstate=TCP_CLOSE', 'newstate=TCP_ESTABLISHED')}`],
    [`ev\t-\t1\ta\t${again.replace('SYN_SENT', 'ESTABLISHED')}`],
    ['sum\t1\tx'],
    [`sum\t-1\t${drop}`],
    ['syn\tx'],
    ['dev\t5\t6\tin\teth0\t-\t-'],
    [`dev\t5\t6\tup\teth0\t-\t-\t${drop}`],
    [`dev\t5\tx\tin\teth0\t-\t-\t${drop}`],
    [`dev\t5\t6\tin\tlonger-than-15-b\t-\t-\t${drop}`],
    [`dev\t5\t6\tin\t\x1b[2J\t-\t-\t${drop}`],
    [`dev\t5\t6\tin\teth0\t\u202e\t-\t${drop}`],
    [`dev\t5\t6\tin\teth0\t-\t-\t${reset}`],
    ['cnt\t5\tListenDrops\tx'],
    ['cnt\tx\tListenDrops\t1'],
    ['cnt\t5\t\x1b[0m\t1'],
    ['full\t5\tx'],
    ['more\t'],
    ['off\tX Y'],
    [own],
    [ipvs],
  ])('%j is none', (text) => expect(parse(text)).toEqual([]));
});

it('is total', () => {
  const [first = '', ...rest] = [
    ...[`ev\t-\t215\tkubelet\t${failed}`, own, ipvs, flow, `sum\t12\t${drop}`, 'cnt\t5\tListenDrops\t3'],
    `dev\t5\t6\tin\teth0\t-\t-\t${drop}`,
    ...rawLines('trace-pipe.debian-12.linux-6.1.0-48.txt').map((l) => `sum\t1\t${l}`),
  ];
  const told = fc.property(textNear(first, ...rest), fc.boolean(), (text, little) => {
    for (const e of parseWatchFrame(text, 1, little)) expect(e.atSeconds).toBeGreaterThanOrEqual(0);
  });
  fc.assert(told, { numRuns: 500 });
});

describe('suspects that a watch saw', () => {
  it('a connect whose answer IPVS took, its mirror and its virtual server; once, with its owner', () => {
    const events = [
      ...parse(`ev\t-\t-\t-\t${again}`, ipvs),
      ...parse(`ev\t-\t215\tkubelet\t${failed}`, own, ipvs),
      ...parse(`ev\t-\t-\t-\t${again}`, ipvs),
    ];
    const { thread: _, ...owner } = kubelet;
    const found = watchedSuspects(events);
    expect(found.tuples).toEqual([
      { protocol: 'TCP', source, destination, state: 'SYN_SENT', seenIn: 'trace', owner, ageSeconds: null },
    ]);
    expect(found.connections).toContainEqual({ protocol: 'TCP', ...mirror });
    expect(found.servers).toContainEqual({ protocol: 'TCP', end: source });
  });

  it.each([
    ['refused', parse(`ev\trefused\t215\tkubelet\t${failed}`, ipvs)],
    ['without a mirror', parse(`ev\t-\t215\tkubelet\t${failed}`, other)],
    ['no connect', parse(`sum\t1\t${drop}`, ipvs)],
  ])('%s: none', (_, events) => expect(watchedSuspects(events)).toEqual({ tuples: [], connections: [], servers: [] }));
});
