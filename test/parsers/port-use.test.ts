import { describe, expect, it } from 'vitest';
import { parsePortUse } from '../../src/parsers/port-use.ts';
import { expectTotal, isPort } from './fuzz.ts';

const dest = '95\tdest\t4026531915\t7\t12\t0100007F\t3200007F:1B59\t51390,51394';
const six = '20\tdest\t7\t7\t0\t00000000000000000000000001000000\t00000000000000000000000001000000:0035\t';
const src = '92\tsrc\t4026531915\t7\t0\t0100007F\t94\t51390';
const udp = '17000\tudp\t4026531915\t7';
const out = '0\tout\t4026531915\t7';
const sys = '0\tsys\t4026531915\t32768 60999\t8080,30000-32767\t2\t1';

describe('rows of source ports', () => {
  it.each<[string, string, boolean, unknown]>([
    [
      'a destination',
      dest,
      true,
      {
        kind: 'destination',
        use: {
          space: '4026531915',
          source: '127.0.0.1',
          destination: { ip: '127.0.0.50', port: 7001 },
          ports: 95,
          timeWait: 12,
        },
        inodes: ['51390', '51394'],
      },
    ],
    ['of a big-endian machine', dest.replace('0100007F', '7F000001'), false, { use: { source: '127.0.0.1' } }],
    ['of IPv6', six, true, { use: { source: '::1', destination: { ip: '::1', port: 53 } }, inodes: [] }],
    ['a source', src, true, { kind: 'source', use: { source: '127.0.0.1', ports: 92, sockets: 94, timeWait: 0 } }],
    ['datagrams', udp, true, { kind: 'datagrams', use: { space: '4026531915', ports: 17000 } }],
    ['ports outside', out, true, { kind: 'outside', space: '4026531915' }],
    [
      'sysctls',
      sys,
      true,
      {
        kind: 'sysctls',
        use: {
          range: [32768, 60999],
          reserved: [
            [8080, 8080],
            [30000, 32767],
          ],
          timeWaitReuse: 2,
          timestamps: true,
        },
      },
    ],
    [
      'no reserved ports, no timestamps',
      sys.replace('8080,30000-32767', '').replace(/1$/, '0'),
      true,
      { use: { reserved: [], timestamps: false } },
    ],
  ])('%s', (_, line, little, want) => expect(parsePortUse(line, little)).toMatchObject(want as object));

  it.each([
    ['nothing', ''],
    ['another tag', dest.replace('dest', 'more')],
    ['no number', dest.replace('95', '-1')],
    ['no space', dest.replace('4026531915', 'x')],
    ['more TIME_WAIT than sockets', dest.replace('\t12\t', '\t96\t')],
    ['an address that is none', dest.replace('0100007F', '0100007')],
    ['a destination that is none', dest.replace('3200007F', 'zz')],
    ['a port that is none', dest.replace(':1B59', ':1B5')],
    ['two ports', dest.replace(':1B59', ':1B59:1')],
    ['no port', dest.replace(':1B59', '')],
    ['fewer sockets than ports', src.replace('\t94\t', '\t91\t')],
    ['a source with more TIME_WAIT', src.replace('\t0\t', '\t95\t')],
    ['a source that is none', src.replace('0100007F', '')],
    ['a source without sockets', src.replace('\t94\t', '\tx\t')],
    ['a range that is none', sys.replace('32768 60999', '60999 32768')],
    ['reserved ports that are none', sys.replace('8080,', 'x,')],
    ['no tcp_tw_reuse', sys.replace('\t2\t', '\t\t')],
    ['no tcp_timestamps', sys.replace(/\t1$/, '')],
  ])('none: %s', (_, line) => expect(parsePortUse(line, true)).toBeNull());

  it('is total', () => {
    expectTotal(
      (text) => parsePortUse(text, true),
      [dest, six, src, udp, out, sys],
      (row) => row.kind !== 'destination' || (isPort(row.use.destination.port) && row.use.timeWait <= row.use.ports),
    );
  });
});
