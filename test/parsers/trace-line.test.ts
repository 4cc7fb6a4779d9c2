import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trace, WatchEnd } from '../../src/core/watch.ts';
import { parseTraceLine } from '../../src/parsers/trace-line.ts';
import { expectTotal, isPort, rawLines } from './fuzz.ts';

const [debian, lab] = ['trace-pipe.debian-12.linux-6.1.0-48.txt', 'trace-pipe.debian-12.linux-6.18.44.txt'];

const end = (e: WatchEnd | null): string => (e ? `${e.ip} ${e.port}` : '-');
const brief = (t: Trace): string => {
  switch (t.kind) {
    case 'state':
      return `${t.from} to ${t.to}, ${end(t.source)} > ${end(t.destination)}`;
    case 'retransmit':
      return `${t.state} again, ${end(t.source)} > ${end(t.destination)}`;
    case 'reset-sent':
      return `${t.kind} ${t.state} ${t.reason}, ${end(t.source)} > ${end(t.destination)}`;
    case 'drop':
      return `${t.protocol} ${t.reason} ${t.symbol}`;
    case 'udp-full':
      return `${t.kind} ${t.ip} ${t.port} < ${end(t.source)}`;
    default:
      return `${t.kind}, ${end(t.source)} > ${end(t.destination)}`;
  }
};
const told = (line: string): string => {
  const t = parseTraceLine(line);
  return t ? `${t.interrupt ? '~' : ''}${t.thread}: ${brief(t.trace)}` : line;
};
const kinds = (name: string): string[] =>
  [...new Set(rawLines(name).map((l) => told(l).replaceAll(/ \d{5}(?=$|,| )/g, ' PORT')))].sort();

describe('lines of real kernels, made by real faults', () => {
  it('6.1', () => {
    expect(kinds(debian)).toMatchInlineSnapshot(`
      [
        "python3: CLOSE to SYN_SENT, 10.98.0.1 PORT > 10.99.0.2 PORT",
        "python3: CLOSE to SYN_SENT, 10.99.0.1 0 > 10.99.0.2 9090",
        "python3: CLOSE to SYN_SENT, 10.99.0.1 0 > 10.99.0.2 PORT",
        "python3: SYN_SENT to CLOSE, 10.98.0.1 PORT > 10.99.0.2 PORT",
        "python3: SYN_SENT to CLOSE, 10.99.0.1 PORT > 10.99.0.2 9090",
        "python3: SYN_SENT to CLOSE, 10.99.0.1 PORT > 10.99.0.2 PORT",
        "python3: reset-received, 10.99.0.2 9090 > 10.99.0.1 PORT",
        "python3: reset-sent CLOSE null, 10.99.0.2 PORT > 10.99.0.1 PORT",
        "~<idle>: SYN_SENT again, 10.99.0.1 PORT > 10.99.0.2 9090",
        "~<idle>: SYN_SENT again, 10.99.0.1 PORT > 10.99.0.2 PORT",
        "~ksoftirqd/0: IPv4 NETFILTER_DROP null",
        "~python3: IPv4 IP_RPFILTER null",
        "~python3: IPv4 NETFILTER_DROP null",
        "~python3: IPv4 NO_SOCKET null",
        "~python3: IPv4 PKT_TOO_BIG null",
        "~python3: IPv4 SOCKET_RCVBUFF null",
        "~python3: reset-received, 10.99.0.2 PORT > 10.99.0.1 PORT",
        "~python3: udp-full null PORT < -",
        "~sleep: SYN_SENT again, 10.99.0.1 PORT > 10.99.0.2 PORT",
      ]
    `);
  });
  it('6.18', () => {
    expect(kinds(lab)).toMatchInlineSnapshot(`
      [
        "python3: CLOSE to SYN_SENT, 10.98.0.1 PORT > 10.99.0.2 PORT",
        "python3: CLOSE to SYN_SENT, 10.99.0.1 0 > 10.99.0.2 9090",
        "python3: CLOSE to SYN_SENT, 10.99.0.1 0 > 10.99.0.2 PORT",
        "python3: CLOSE to SYN_SENT, fd99::1 0 > fd99::2 PORT",
        "python3: SYN_SENT to CLOSE, 10.98.0.1 PORT > 10.99.0.2 PORT",
        "python3: SYN_SENT to CLOSE, 10.99.0.1 PORT > 10.99.0.2 9090",
        "python3: SYN_SENT to CLOSE, 10.99.0.1 PORT > 10.99.0.2 PORT",
        "python3: SYN_SENT to CLOSE, fd99::1 PORT > fd99::2 PORT",
        "python3: reset-received, 10.99.0.2 9090 > 10.99.0.1 PORT",
        "python3: reset-sent CLOSE TCP_STATE, 10.99.0.2 PORT > 10.99.0.1 PORT",
        "~id: SYN_SENT again, 10.99.0.1 PORT > 10.99.0.2 PORT",
        "~ksoftirqd/0: synack-retransmit, fd99::2 PORT > fd99::1 PORT",
        "~kubectl: synack-retransmit, 10.99.0.2 PORT > 10.99.0.1 PORT",
        "~node-V8Worker: SYN_SENT again, 10.99.0.1 PORT > 10.99.0.2 9090",
        "~python3: IPv4 IP_RPFILTER ip_rcv_finish_core",
        "~python3: IPv4 NETFILTER_DROP nft_do_chain",
        "~python3: IPv4 NO_SOCKET __udp4_lib_rcv",
        "~python3: IPv4 NO_SOCKET tcp_v4_rcv",
        "~python3: IPv4 PKT_TOO_BIG ip_forward",
        "~python3: IPv4 SOCKET_RCVBUFF udp_queue_rcv_one_skb",
        "~python3: reset-received, 10.99.0.2 PORT > 10.99.0.1 PORT",
        "~python3: reset-sent null NO_SOCKET, 10.99.0.2 9090 > 10.99.0.1 PORT",
        "~python3: udp-full 10.99.0.2 PORT < 10.99.0.1 PORT",
        "~tsc: SYN_SENT again, 10.99.0.1 PORT > 10.99.0.2 PORT",
        "~tsc: SYN_SENT again, fd99::1 PORT > fd99::2 PORT",
        "~tsc: synack-retransmit, fd99::2 PORT > fd99::1 PORT",
      ]
    `);
  });
});

const connect =
  '         kubelet-213     [001] ..... 16820.153285: inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP sport=31055 dport=8080 saddr=10.244.21.1 daddr=10.244.21.3 saddrv6=::ffff:10.244.21.1 daddrv6=::ffff:10.244.21.3 oldstate=TCP_SYN_SENT newstate=TCP_CLOSE';
const drop =
  '          <idle>-0       [000] ..s2. 16820.100000: kfree_skb: skbaddr=00000000a rx_sk=0000000000000000 protocol=2048 location=nft_do_chain+0x3e8/0x610 reason: NETFILTER_DROP';

describe('a line', () => {
  it('tells who ran and when', () =>
    expect(parseTraceLine(connect)).toEqual({
      ...{ thread: 'kubelet', threadId: 213, interrupt: false, atSeconds: 16820.153285 },
      trace: {
        ...{ kind: 'state', from: 'SYN_SENT', to: 'CLOSE' },
        ...{ source: { ip: '10.244.21.1', port: 31055 }, destination: { ip: '10.244.21.3', port: 8080 } },
      },
    }));

  it.each([
    ['a name with blanks and brackets', connect.replace('kubelet', 'a b [000] -1 c'), 'a b [000] -1 c'],
    ['a name that looks like a line', connect.replace('kubelet', '-1 [0] . 1.1: '), '-1 [0] . 1.1: '],
    ['a name that ends in a number', connect.replace('kubelet', 'worker-7'), 'worker-7'],
    ['no name', connect.replace('kubelet', ''), ''],
    ['a name that the kernel has forgotten', connect.replace('kubelet', '<...>'), '<...>'],
  ])('%s', (_, line, name) => expect(parseTraceLine(line)).toMatchObject({ thread: name, threadId: 213 }));

  it.each([
    ['a drop without a reason, before 5.17', drop.replace(/ reason.*/, ''), 'IPv4 null nft_do_chain'],
    ['an address for a function', drop.replace(/nft_do_chain\S+/, '00000000fccb9236'), 'IPv4 NETFILTER_DROP null'],
    ['IPv6', drop.replace('2048', '34525'), 'IPv6 NETFILTER_DROP nft_do_chain'],
  ])('%s', (_, line, want) => expect(brief(parseTraceLine(line)?.trace as Trace)).toBe(want));

  it.each([
    ['nothing', ''],
    ['another tracepoint', connect.replace('inet_sock_set_state', 'sched_switch')],
    ['a mark', '  sh-1  [000] ..... 1.000000: tracing_mark_write: nd-tick 1'],
    ['lost events', 'CPU:1 [LOST 12 EVENTS]'],
    ['a port that is none', connect.replace('sport=31055', 'sport=65536')],
    ['no port', connect.replace('sport=31055 ', '')],
    ['an address that is none', connect.replace('daddrv6=::ffff:10.244.21.3', 'daddrv6=::ffff:10.244.21.300')],
    ['a state that is none', connect.replace('newstate=TCP_CLOSE', 'newstate=7')],
    ['another protocol', drop.replace('2048', '2054')],
    ['a reason that is none', drop.replace('NETFILTER_DROP', 'x')],
    ['no clock', connect.replace('16820.153285: ', '')],
    ['a name that is too long', connect.replace('kubelet', 'a'.repeat(16))],
  ])('%s is none', (_, line) => expect(parseTraceLine(line)).toBeNull());
});

it('names of 15 characters are told from what follows, whatever they hold', () => {
  const hostile = fc.string({ unit: fc.constantFrom(...'-[]0123456789 .:=azk'), minLength: 1, maxLength: 15 });
  fc.assert(
    fc.property(
      hostile.filter((n) => !n.startsWith(' ')),
      (name) => {
        expect(parseTraceLine(connect.replace('kubelet', name))).toMatchObject({
          ...{ threadId: 213, thread: name, atSeconds: 16820.153285 },
          trace: { kind: 'state', source: { port: 31055 } },
        });
      },
    ),
  );
});

it('is total', () => {
  const ports = (t: Trace): number[] =>
    t.kind === 'drop' ? [] : t.kind === 'udp-full' ? [t.port] : [t.source.port, t.destination.port];
  const [first = '', ...rest] = [...rawLines(lab), ...rawLines(debian)];
  expectTotal(parseTraceLine, [first, ...rest], (t) => t.thread.length <= 15 && ports(t.trace).every(isPort));
});
