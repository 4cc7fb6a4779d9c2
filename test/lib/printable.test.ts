import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../../src/lib/printable.ts';
import { printableLines } from '../../src/lib/printable-lines.ts';
import { unprintable } from '../../src/lib/unprintable.ts';

test.each([
  ['plain ünïcode 漢字 🎉', 'plain ünïcode 漢字 🎉'],
  ['\x1b[31mred\x07', '\\x1b[31mred\\x07'],
  ['a\nb\r\tc', 'a\\nb\\r\\tc'],
  ['\x7f\x9b', '\\x7f\\x9b'],
  ['\u202eevil\u2066\u200f', '\\u{202e}evil\\u{2066}\\u{200f}'],
  ['\u2028\ud800', '\\u{2028}\\u{d800}'],
  ['\u{e0041}', '\\u{e0041}'],
])('%j is shown as %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('lines are parted, tabs become spaces', () => {
  expect(printableLines('12000\t65001\n')).toEqual(['12000   65001']);
  expect(printableLines('a\r\nb\x1b\n\nc')).toEqual(['a', 'b\\x1b', '', 'c']);
});

test('nothing that a terminal obeys gets through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text).search(unprintable)).toBe(-1);
      expect(printableLines(text).join('').search(unprintable)).toBe(-1);
    }),
  );
});
