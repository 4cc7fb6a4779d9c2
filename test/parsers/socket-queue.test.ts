import { describe, expect, it } from 'vitest';
import { parseSocketQueue } from '../../src/parsers/socket-queue.ts';
import { expectTotal, rawLines } from './fuzz.ts';

const udp =
  '  123: 00000000:1FA3 00000000:0000 07 00000010:00033E00 00:00000000 00000000     0        0 300205 2 00000000841729d5 1515';
const tcp =
  '   0: 00000000:1F90 00000000:0000 0A 00000000:0000000A 00:00000000 00000000     0        0 300205 1 00000000841729d5 100 0 0 10 0';

describe('queues of a socket', () => {
  it.each([
    [udp, { sent: 16, received: 212_480, drops: 1515 }],
    [tcp, { sent: 0, received: 10, drops: null }],
    [udp.replace('1515', '4294967295'), { sent: 16, received: 212_480, drops: 4_294_967_295 }],
    [
      udp.replace('00000010:00033E00', 'FFFFFFFF:FFFFFFFF'),
      { sent: 4_294_967_295, received: 4_294_967_295, drops: 1515 },
    ],
    [udp.replace(' 1515', ''), { sent: 16, received: 212_480, drops: null }],
    [udp.replace('1515', '-1'), { sent: 16, received: 212_480, drops: null }],
    [udp.replace('00033E00', '33E00'), null],
    [
      '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
      null,
    ],
    ['', null],
  ])('%j', (line, want) => expect(parseSocketQueue(line)).toEqual(want));

  it('of every row of a real table', () => {
    for (const [name, hasDrops] of [
      ['udp', true],
      ['tcp', false],
    ] as const) {
      const [, ...rows] = rawLines(`proc-net-${name}.debian-12.linux-6.18.44.txt`);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(parseSocketQueue(row)?.drops !== null).toBe(hasDrops);
    }
  });

  it('whatever the text', () =>
    expectTotal(parseSocketQueue, [udp, tcp], (q) => [q.sent, q.received, q.drops ?? 0].every((n) => n >= 0)));
});
