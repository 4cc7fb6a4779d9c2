import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipFromBytes } from '../../src/parsers/ip.ts';
import { parseIpVsRow } from '../../src/parsers/ip-vs.ts';
import { addressBytes, expectTotal, fullText, hex, hexPort, isPort, port } from './fuzz.ts';

describe('a virtual server', () => {
  it.each([
    ['TCP  0A605894:0050 rr ', 'TCP', '10.96.88.148', 80],
    ['TCP  0A605894:0050 rr persistent 10800 FFFFFFFF', 'TCP', '10.96.88.148', 80],
    ['UDP  0A60000A:0035 rr ', 'UDP', '10.96.0.10', 53],
    ['SCTP 7F000001:FFFF rr ', 'SCTP', '127.0.0.1', 65535],
    ['TCP  [fd00:0000:0000:0000:0000:0000:0000:0001]:794F rr ', 'TCP', 'fd00::1', 31055],
    ['UDP  [2001:0db8:0000:0000:0001:0000:0000:0001]:0035 wlc ops', 'UDP', '2001:db8::1:0:0:1', 53],
  ])('%s', (line, protocol, ip, p) => expect(parseIpVsRow(line)).toEqual({ protocol, ip, port: p }));
});

describe('no virtual server', () => {
  it.each([
    ['IP Virtual Server version 1.2.1 (size=4096)'],
    ['Prot LocalAddress:Port Scheduler Flags'],
    ['  -> RemoteAddress:Port Forward Weight ActiveConn InActConn'],
    ['  -> 0AF40002:1F90      Masq    1      0          0         '],
    ['  -> [fd00:0000:0000:0000:0000:0000:0000:0002]:1F90      Masq    1      0          0'],
    ['FWM  00000001 rr '],
    [''],
    ['TCP'],
    ['TCP  0A605894 rr'],
    ['TCP  0A605894:00050 rr'],
    ['TCP  A605894:0050 rr'],
    ['TCP  10.96.88.148:0050 rr'],
    ['TCP  [fd00::1:794F rr'],
    ['TCP  fd00:0000:0000:0000:0000:0000:0000:0001:794F rr'],
    ['TCP  [0A605894]:0050 rr'],
    ['TCP  [fd00:0000:0000:0000:0000:0000:0000:00001]:794F rr'],
    ['tcp  0A605894:0050 rr'],
    ['ICMP 0A605894:0050 rr'],
  ])('%j', (line) => expect(parseIpVsRow(line)).toBeNull());
});

const servers = fc.record({
  protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
  at: addressBytes(),
  port: port(),
  scheduler: fc.constantFrom('rr', 'wlc', 'mh'),
});

it('reads what the kernel prints (ip_vs_info_seq_show)', () => {
  const printed = fc.property(servers, (s) => {
    const at = s.at.length === 4 ? hex(s.at) : `[${fullText(s.at)}]`;
    const line = `${s.protocol.padEnd(3)}  ${at}:${hexPort(s.port)} ${s.scheduler} `;
    expect(parseIpVsRow(line)).toEqual({ protocol: s.protocol, ip: ipFromBytes(s.at), port: s.port });
  });
  fc.assert(printed);
});

it('is total', () => {
  expectTotal(
    parseIpVsRow,
    ['TCP  0A605894:0050 rr ', 'TCP  [fd00:0000:0000:0000:0000:0000:0000:0001]:794F rr '],
    (r) => isPort(r.port) && r.ip !== '',
  );
});
