import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipFromBytes } from '../../src/parsers/ip.ts';
import { parseIpVsConnRow } from '../../src/parsers/ip-vs-conn.ts';
import { addressBytes, expectTotal, fullText, hex, hexPort, isPort, port } from './fuzz.ts';

const v4 = 'TCP 0AF40102 1F90 0AF40102 794F 0AF40105 0050 SYN_RECV         58';
const v6 =
  'UDP fd00:0000:0000:0000:0000:0000:0000:0002 0035 fd00:0000:0000:0000:0000:0000:0000:0001 794F fd00:0000:0000:0000:0000:0000:0000:0009 0050 UDP             300';

describe('a connection', () => {
  it.each([
    [v4, 'TCP 10.244.1.2:8080 > 10.244.1.2:31055 > 10.244.1.5:80 SYN_RECV 58'],
    [v6, 'UDP fd00::2:53 > fd00::1:31055 > fd00::9:80 UDP 300'],
    [`${v4} sip 0AF40105-0AF40102-6162`, 'TCP 10.244.1.2:8080 > 10.244.1.2:31055 > 10.244.1.5:80 SYN_RECV 58'],
    [
      'SCTP 0AF40102 0000 0AF40102 FFFF 0AF40105 0001 INIT1            0',
      'SCTP 10.244.1.2:0 > 10.244.1.2:65535 > 10.244.1.5:1 INIT1 0',
    ],
  ])('%s', (line, want) => {
    const r = parseIpVsConnRow(line);
    const ends = [r?.client, r?.virtual, r?.backend].map((e) => `${e?.ip}:${e?.port}`).join(' > ');
    expect(`${r?.protocol} ${ends} ${r?.state} ${r?.expiresSeconds}`).toBe(want);
  });
});

describe('no connection', () => {
  it.each([
    ['Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData'],
    [''],
    ['IP  0AF40102 0000 0AF40102 0000 0AF40105 0000 NONE 58'],
    [v4.replace('58', '')],
    [v4.replace('58', '-58')],
    [v4.replace('58', '5.8')],
    [v4.replace('1F90', '11F90')],
    [v4.replace('0AF40105', '0AF4010')],
    [v4.replace('0AF40105', '0AF401055')],
    [v4.replace('0AF40105', '10.0.0.5')],
    [v6.replace('fd00', 'fd0g')],
  ])('%j', (line) => expect(parseIpVsConnRow(line)).toBeNull());
});

it('reads what the kernel prints (ip_vs_conn_seq_show)', () => {
  const states = {
    TCP: ['NONE', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT', 'TIME_WAIT', 'SYNACK'],
    UDP: ['UDP'],
    SCTP: ['INIT1', 'ESTABLISHED'],
  };
  const rows = fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const).chain((protocol) =>
    fc.record({
      protocol: fc.constant(protocol),
      state: fc.constantFrom(...states[protocol]),
      ends: fc.array(fc.tuple(addressBytes(), port()), { minLength: 3, maxLength: 3 }),
      expires: fc.nat({ max: 86400 }),
    }),
  );
  const printed = fc.property(rows, ({ protocol, state, ends, expires }) => {
    const text = ends.map(([a, p]) => `${a.length === 4 ? hex(a) : fullText(a)} ${hexPort(p)}`).join(' ');
    const [client, virtual, backend] = ends.map(([a, p]) => ({ ip: ipFromBytes(a), port: p }));
    const line = `${protocol.padEnd(3)} ${text} ${state.padEnd(11)} ${String(expires).padStart(7)}`;
    expect(parseIpVsConnRow(line)).toEqual({ protocol, client, virtual, backend, state, expiresSeconds: expires });
  });
  fc.assert(printed);
});

it('is total', () => {
  expectTotal(
    parseIpVsConnRow,
    [v4, v6],
    (r) => [r.client, r.virtual, r.backend].every((e) => isPort(e.port) && e.ip !== '') && r.expiresSeconds >= 0,
  );
});
