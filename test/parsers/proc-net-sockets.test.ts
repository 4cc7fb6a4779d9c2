import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipFromBytes } from '../../src/parsers/ip.ts';
import { parseSocketRow, type SocketRow } from '../../src/parsers/proc-net-sockets.ts';
import { addressBytes, expectTotal, hex, hexPort, isPort, port, rawLines } from './fuzz.ts';

const short = (r: SocketRow): string =>
  `${r.local.ip} ${r.local.port} ${r.remote.ip} ${r.remote.port} ${r.state} ${r.inode}`;
const table = (name: string): string[] =>
  rawLines(`proc-net-${name}.debian-12.linux-6.18.44.txt`).flatMap((l) => {
    const row = parseSocketRow(l, true);
    return row ? [short(row)] : [];
  });

describe('a real table', () => {
  it.each([
    [
      'tcp',
      [
        '0.0.0.0 65535 0.0.0.0 0 LISTEN 181528',
        '127.0.0.1 51171 0.0.0.0 0 LISTEN 180602',
        '127.0.0.1 34567 0.0.0.0 0 LISTEN 181527',
        '0.0.0.0 1 0.0.0.0 0 LISTEN 181529',
        '10.9.0.1 31055 10.9.0.2 8080 SYN_SENT 181546',
        '127.0.0.1 65535 127.0.0.1 54984 ESTABLISHED 0',
        '127.0.0.1 54984 127.0.0.1 65535 ESTABLISHED 181550',
      ],
    ],
    [
      'tcp6',
      [
        '::1 6443 :: 0 LISTEN 181532',
        '127.0.0.1 7070 :: 0 LISTEN 181541',
        ':: 9090 :: 0 LISTEN 181531',
        ':: 8080 :: 0 LISTEN 181530',
        'fe80::9446:f0ff:fe9d:3ddd 546 :: 0 LISTEN 181539',
        '::1 39636 ::1 6443 FIN_WAIT2 0',
        '::1 6443 ::1 39636 CLOSE_WAIT 0',
        'fd00:9::1 31056 fd00:9::2 8080 SYN_SENT 181547',
      ],
    ],
    [
      'udp',
      [
        '10.9.0.1 31057 10.9.0.2 53 ESTABLISHED 181548',
        '10.9.0.1 31059 0.0.0.0 0 CLOSE 181552',
        '0.0.0.0 53 0.0.0.0 0 CLOSE 181542',
        '0.0.0.0 68 0.0.0.0 0 CLOSE 181544',
      ],
    ],
    [
      'udp6',
      [
        'fe80::9446:f0ff:fe9d:3ddd 546 :: 0 CLOSE 181540',
        ':: 5353 :: 0 CLOSE 181543',
        '::1 42966 :: 0 CLOSE 180603',
        'fd00:9::1 31058 fd00:9::2 53 ESTABLISHED 181549',
        ':: 69 :: 0 CLOSE 181545',
      ],
    ],
  ])('%s: every row, and not the header', (name, rows) => expect(table(name)).toEqual(rows));
});

const row = (local: string, remote = '00000000:0000', state = '0A', inode = '77'): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 00000000ade4b93c 100 0 0 10 0`;

describe('the byte order of the machine', () => {
  it.each([
    ['IPv4', '0100007F:8707', true, '127.0.0.1'],
    ['IPv4', '7F000001:8707', false, '127.0.0.1'],
    ['IPv6', '00000000000000000000000001000000:8707', true, '::1'],
    ['IPv6', '00000000000000000000000000000001:8707', false, '::1'],
    ['IPv6', '090000FD000000000000000001000000:8707', true, 'fd00:9::1'],
    ['IPv6', 'FD000009000000000000000000000001:8707', false, 'fd00:9::1'],
    ['mapped', '0000000000000000FFFF00000100007F:8707', true, '127.0.0.1'],
    ['mapped', '00000000000000000000FFFF7F000001:8707', false, '127.0.0.1'],
  ])('%s %s, little-endian: %j, is %s; the port is the same in both', (_, text, little, ip) => {
    expect(parseSocketRow(row(text), little)?.local).toEqual({ ip, port: 34567 });
  });
});

describe('no row', () => {
  it.each([
    ['nothing', ''],
    ['spaces', '    '],
    ['the header', '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'],
    ['three bytes', row('00007F:8707')],
    ['five bytes', row('000100007F:8707')],
    ['eight bytes', row('0100007F0100007F:8707')],
    ['a port of five digits', row('0100007F:18707')],
    ['a port of three digits', row('0100007F:707')],
    ['no port', row('0100007F')],
    ['two ports', row('0100007F:8707:8707')],
    ['letters that are no digits', row('0100007G:8707')],
    ['a remote address that is none', row('0100007F:8707', 'zz:0000')],
    ['an unknown state', row('0100007F:8707', '00000000:0000', '0C')],
    ['state 00', row('0100007F:8707', '00000000:0000', '00')],
    ['an inode that is no number', row('0100007F:8707', '00000000:0000', '0A', 'x77')],
    ['a row cut before the inode', row('0100007F:8707').slice(0, 80)],
  ])('%s', (_, line) => {
    expect(parseSocketRow(line, true)).toBeNull();
    expect(parseSocketRow(line, false)).toBeNull();
  });

  it('a small state letter is the same state', () =>
    expect(parseSocketRow(row('0100007F:8707', '00000000:0000', '0a'), true)?.state).toBe('LISTEN'));
});

const states = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
];

it('reads what a machine of either byte order prints', () => {
  const words = (bytes: readonly number[], little: boolean): string =>
    hex(
      Array.from({ length: bytes.length / 4 }, (_, i) => bytes.slice(i * 4, i * 4 + 4)).flatMap((w) =>
        little ? w.toReversed() : w,
      ),
    );
  const printed = fc.property(
    addressBytes(),
    addressBytes(),
    port(),
    port(),
    fc.integer({ min: 1, max: 11 }),
    fc.nat(),
    fc.boolean(),
    (a, b, p, q, state, inode, little) => {
      const line = row(
        `${words(a, little)}:${hexPort(p)}`,
        `${words(b, little)}:${hexPort(q)}`,
        hex([state]),
        String(inode),
      );
      expect(parseSocketRow(line, little)).toEqual({
        local: { ip: ipFromBytes(a), port: p },
        remote: { ip: ipFromBytes(b), port: q },
        state: states[state - 1],
        inode: String(inode),
      });
    },
  );
  fc.assert(printed);
});

it.each([true, false])('is total, little-endian: %j', (little) => {
  expectTotal(
    (t) => parseSocketRow(t, little),
    [row('0100007F:8707'), row('00000000000000000000000001000000:8707', '00000000000000000000000000000000:0000')],
    (r) => isPort(r.local.port) && isPort(r.remote.port) && states.includes(r.state) && /^\d+$/.test(r.inode),
  );
});
