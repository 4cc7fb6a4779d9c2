import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ipFromBytes } from '../../src/parsers/ip.ts';
import { procNetAddress } from '../../src/parsers/proc-net-address.ts';
import { addressBytes, expectTotal, hex } from './fuzz.ts';

it.each([
  ['0100007F', true, '127.0.0.1'],
  ['7F000001', false, '127.0.0.1'],
  ['0000000000000000FFFF00000100007F', true, '127.0.0.1'],
  ['000000FD000000000000000004000000', true, 'fd00::4'],
  ['', true, null],
  ['0100', true, null],
  ['0100007G', true, null],
])('%s', (text, little, want) => expect(procNetAddress(text, little)).toBe(want));

it('reads what a big-endian kernel prints', () => {
  fc.assert(fc.property(addressBytes(), (bytes) => procNetAddress(hex(bytes), false) === ipFromBytes(bytes)));
});

it('is total', () => {
  expectTotal(
    (text) => procNetAddress(text, true),
    ['0100007F'],
    (ip) => ip !== '',
  );
});
