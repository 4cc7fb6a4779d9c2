import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipFromBytes } from '../../src/parsers/ip.ts';
import { type ConntrackRow, parseConntrackRow } from '../../src/parsers/nf-conntrack.ts';
import { addressBytes, expectTotal, fullText, isPort, port, rawLines } from './fuzz.ts';

const one = (t: ConntrackRow['original']): string =>
  `${t.source.ip} ${t.source.port} > ${t.destination.ip} ${t.destination.port}`;
const short = (r: ConntrackRow | null): string | null =>
  r && `${r.protocol} ${r.timeoutSeconds} ${r.state || '-'} ${one(r.original)} | ${one(r.reply)}`;

it('real rows of Linux 6.18', () => {
  expect(rawLines('proc-net-nf_conntrack.debian-12.linux-6.18.44.txt').map((l) => short(parseConntrackRow(l)))).toEqual(
    [
      'udp 29 - 10.9.0.1 31057 > 10.9.0.2 53 | 10.9.0.2 53 > 10.9.0.1 31057',
      'tcp 119 SYN_SENT 10.9.0.1 31055 > 10.9.0.2 8080 | 10.9.0.2 8080 > 10.9.0.1 31055',
      'tcp 59 CLOSE_WAIT ::1 39636 > ::1 6443 | ::1 6443 > ::1 39636',
      'tcp 119 SYN_SENT fd00:9::1 31056 > fd00:9::2 8080 | fd00:9::2 8080 > fd00:9::1 31056',
      'tcp 431999 ESTABLISHED 127.0.0.1 54984 > 127.0.0.1 65535 | 127.0.0.1 65535 > 127.0.0.1 54984',
      'udp 29 - fd00:9::1 31058 > fd00:9::2 53 | fd00:9::2 53 > fd00:9::1 31058',
    ],
  );
});

const row =
  'ipv4     2 tcp      6 58 SYN_RECV src=10.244.1.1 dst=10.244.1.4 sport=31055 dport=8080 src=10.244.1.4 dst=10.244.1.1 sport=8080 dport=31055 mark=0 use=1';

describe('other rows', () => {
  it.each([
    ['translated: the reply tells where to', row.replace('src=10.244.1.4', 'src=10.0.0.9'), '| 10.0.0.9 8080 >'],
    ['with accounting', row.replaceAll(' src=', ' packets=1 bytes=60 src='), 'tcp 58 SYN_RECV 10.244.1.1 31055 >'],
    [
      'SCTP',
      row.replace('tcp      6 58 SYN_RECV', 'sctp     132 3 COOKIE_WAIT'),
      'sctp 3 COOKIE_WAIT 10.244.1.1 31055',
    ],
    [
      'ports at both edges',
      row.replace('sport=31055', 'sport=0').replace('dport=8080', 'dport=65535'),
      '10.244.1.1 0 > 10.244.1.4 65535',
    ],
  ])('%s', (_, line, part) => expect(short(parseConntrackRow(line))).toContain(part));

  it.each([
    ['nothing', ''],
    [
      'ICMP has no ports',
      'ipv4     2 icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=77 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=77 mark=0 use=1',
    ],
    [
      'ICMPv6',
      'ipv6     10 icmpv6   58 29 src=::1 dst=::1 type=128 code=0 id=77 src=::1 dst=::1 type=129 code=0 id=77 mark=0 use=1',
    ],
    ['an offloaded row has no time-out', row.replace(' 58 SYN_RECV', '').replace('mark', '[OFFLOAD] mark')],
    ['no reply', row.slice(0, row.indexOf(' src=10.244.1.4'))],
    ['a port beyond 65535', row.replace('sport=31055', 'sport=65536')],
    ['a port of six digits', row.replace('sport=31055', 'sport=310551')],
    ['a reply port beyond 65535', row.replace('dport=31055', 'dport=99999')],
    ['an address out of range', row.replace('10.244.1.1', '10.244.1.256')],
    ['a negative time-out', row.replace(' 58 ', ' -58 ')],
    ['the short form of conntrack -L', row.replace('ipv4     2 ', '')],
  ])('none: %s', (_, line) => expect(parseConntrackRow(line)).toBeNull());
});

it('reads what the kernel prints (ct_seq_show)', () => {
  const end = fc.tuple(addressBytes(), port());
  const tuples = fc.tuple(end, end);
  const protocols = fc.constantFrom(
    ['tcp', 6, 'SYN_SENT'],
    ['tcp', 6, 'ESTABLISHED'],
    ['udp', 17, ''],
    ['sctp', 132, 'CLOSED'],
    ['udplite', 136, ''],
  );
  const text = ([[a, p], [b, q]]: [[number[], number], [number[], number]]): string =>
    `src=${fullText(a)} dst=${fullText(b)} sport=${p} dport=${q} `;
  const value = ([[a, p], [b, q]]: [[number[], number], [number[], number]]): unknown => ({
    source: { ip: ipFromBytes(a), port: p },
    destination: { ip: ipFromBytes(b), port: q },
  });
  const printed = fc.property(
    protocols,
    fc.nat(),
    tuples,
    tuples,
    fc.boolean(),
    fc.boolean(),
    ([name, number, state], seconds, o, r, unreplied, acct) => {
      const count = acct ? 'packets=1 bytes=60 ' : '';
      const line = `ipv4     2 ${String(name).padEnd(8)} ${number} ${seconds} ${state ? `${state} ` : ''}${text(o)}${count}${unreplied ? '[UNREPLIED] ' : ''}${text(r)}${count}mark=0 zone=0 use=2`;
      expect(parseConntrackRow(line)).toEqual({
        protocol: name,
        timeoutSeconds: seconds,
        state,
        original: value(o),
        reply: value(r),
      });
    },
  );
  fc.assert(printed);
});

it('is total', () => {
  expectTotal(parseConntrackRow, [row, row.replaceAll('10.244.1.', 'fd00::')], (r) =>
    [r.original, r.reply].every(
      (t) => isPort(t.source.port) && isPort(t.destination.port) && t.source.ip !== '' && t.destination.ip !== '',
    ),
  );
});
