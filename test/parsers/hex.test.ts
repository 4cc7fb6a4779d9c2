import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hexBytes, hexPort } from '../../src/parsers/hex.ts';
import { hex, port, hexPort as print, textNear } from './fuzz.ts';

it.each([
  ['00', [0]],
  ['ff', [255]],
  ['FF', [255]],
  ['0100007F', [1, 0, 0, 127]],
])('%s is %j', (text, bytes) => expect(hexBytes(text)).toEqual(bytes));

it.each(['', 'F', 'ABC', '0x10', 'GG', '0 ', '00\n', '00 00', '-1', '００'])('%j is no string of bytes', (text) =>
  expect(hexBytes(text)).toBeNull(),
);

it.each([
  ['0000', 0],
  ['0001', 1],
  ['794F', 31055],
  ['794f', 31055],
  ['FFFF', 65535],
])('%s is port %i', (text, n) => expect(hexPort(text)).toBe(n));

it.each(['', '0', '50', '00050', '10000', 'FFFFF', '0x50', '-001', ' 050', '0050\n'])('%j is no port', (text) =>
  expect(hexPort(text)).toBeNull(),
);

it('reads what was printed', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1 }), (b) => void expect(hexBytes(hex([...b]))).toEqual([...b])));
  fc.assert(fc.property(port(), (n) => void expect(hexPort(print(n))).toBe(n)));
});

it('takes nothing but hex digits', () => {
  fc.assert(
    fc.property(
      textNear('0100007F', '794F'),
      (t) => (hexBytes(t) !== null) === (t.length > 0 && t.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(t)),
    ),
  );
});
