import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipFromBytes } from '../../src/parsers/ip.ts';
import { parseSsRow } from '../../src/parsers/ss.ts';
import { addressBytes, expectTotal, fullText, isPort, port, rawLines } from './fuzz.ts';

const table = (name: string): (string | null)[] =>
  rawLines(name).map((l) => {
    const r = parseSsRow(l);
    return r && `${r.protocol} ${r.ip} ${r.port}`;
  });

describe('real rows of iproute2 6.1', () => {
  it('ss -Htuln', () =>
    expect(table('ss-Htuln.debian-12.iproute2-6.1.0.txt')).toEqual([
      'UDP 10.9.0.1 31059',
      'UDP 0.0.0.0 53',
      'UDP 0.0.0.0 68',
      'UDP fe80::9446:f0ff:fe9d:3ddd 546',
      'UDP :: 5353',
      'UDP :: 69',
      'TCP 0.0.0.0 65535',
      'TCP 127.0.0.1 34567',
      'TCP 0.0.0.0 1',
      'TCP ::1 6443',
      'TCP 127.0.0.1 7070',
      'TCP :: 9090',
      'TCP :: 8080',
      'TCP fe80::9446:f0ff:fe9d:3ddd 546',
    ]));
});

describe('no row', () => {
  it.each([
    [''],
    ['Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port'],
    ['u_str LISTEN 0 4096 /run/systemd/private 4242 * 0'],
    ['sctp LISTEN 0 128 127.0.0.1:7 0.0.0.0:*'],
    ['tcp LISTEN 0 128'],
    ['tcp LISTEN 0 128 127.0.0.1 0.0.0.0:*'],
    ['tcp LISTEN 0 128 127.0.0.1:http 0.0.0.0:*'],
    ['tcp LISTEN 0 128 127.0.0.1:65536 0.0.0.0:*'],
    ['tcp LISTEN 0 128 127.0.0.1:123456 0.0.0.0:*'],
    ['tcp LISTEN 0 128 256.0.0.1:80 0.0.0.0:*'],
    ['tcp LISTEN 0 128 010.0.0.1:80 0.0.0.0:*'],
    ['tcp LISTEN 0 128 [::g]:80 [::]:*'],
    ['tcp LISTEN 0 128 127.0.0.1:* 0.0.0.0:*'],
    ['Segmentation fault'],
  ])('%j', (line) => expect(parseSsRow(line)).toBeNull());
});

it('reads what ss prints, whatever the interface', () => {
  const zone = fc.constantFrom('', '%lo', '%eth0', '%eth0.100', '%br-1a2b', '%cali12_3');
  const printed = fc.property(
    fc.constantFrom('tcp', 'udp'),
    fc.option(addressBytes()),
    zone,
    port(),
    fc.nat({ max: 8 }),
    (netid, at, z, p, spaces) => {
      const text = at === null ? `*${z}` : at.length === 4 ? `${fullText(at)}${z}` : `[${fullText(at)}]${z}`;
      const line = `${netid}  LISTEN 0   128 ${' '.repeat(spaces)}${text}:${p}   0.0.0.0:*`;
      expect(parseSsRow(line)).toEqual({
        protocol: netid.toUpperCase(),
        ip: at === null ? '::' : ipFromBytes(at),
        port: p,
      });
    },
  );
  fc.assert(printed);
});

it('is total', () => {
  expectTotal(
    parseSsRow,
    [
      'tcp LISTEN 0 128 127.0.0.1%lo:34567 0.0.0.0:*',
      'udp UNCONN 0 0 [fe80::1]%eth0:546 [::]:*',
      'udp UNCONN 0 0 *:69 *:*',
    ],
    (r) => isPort(r.port),
  );
});
