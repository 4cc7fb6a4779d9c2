import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ip, ipFromBytes } from '../../src/parsers/ip.ts';
import { addressBytes, expectTotal, fullText } from './fuzz.ts';

it.each([
  ['10.96.88.148', '10.96.88.148'],
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::'],
  ['::1', '::1'],
  ['fd00:0000:0000:0000:0000:0000:0000:0001', 'fd00::1'],
  ['FD00::ABCD', 'fd00::abcd'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['::ffff:0a00:0001', '10.0.0.1'],
  ['0000:0000:0000:0000:0000:ffff:0a00:0001', '10.0.0.1'],
])('%s is %s', (text, canonical) => expect(ip(text)).toBe(canonical));

it.each([
  ['nothing', ''],
  ['a star', '*'],
  ['256 in a byte', '256.0.0.1'],
  ['three parts', '10.0.1'],
  ['five parts', '10.0.0.0.1'],
  ['one number', '167772161'],
  ['hex', '0x7f.0.0.1'],
  ['octal, which some read as 8.0.0.1', '010.0.0.1'],
  ['octal behind ::ffff:', '::ffff:010.0.0.1'],
  ['a sign', '-1.0.0.1'],
  ['spaces around', ' 10.0.0.1'],
  ['a line break after', '10.0.0.1\n'],
  ['a port after', '10.0.0.1:80'],
  ['two gaps', '1::2::3'],
  ['nine groups', '1:2:3:4:5:6:7:8:9'],
  ['seven groups', '1:2:3:4:5:6:7'],
  ['five digits in a group', '12345::'],
  ['brackets', '[::1]'],
  ['a mask', '10.0.0.0/8'],
  ['digits of another script', '١.٢.٣.٤'],
])('%s is no address', (_, text) => expect(ip(text)).toBeNull());

it.each([
  [[], 'none'],
  [[1], 'one'],
  [[1, 2, 3], 'three'],
  [[1, 2, 3, 4, 5], 'five'],
  [Array<number>(15).fill(0), 'fifteen'],
  [Array<number>(17).fill(0), 'seventeen'],
  [[256, 0, 0, 1], 'one of 256'],
  [[-1, 0, 0, 1], 'a negative one'],
  [[Number.NaN, 0, 0, 1], 'no number'],
])('bytes %j (%s) are no address', (bytes) => expect(ipFromBytes(bytes)).toBeNull());

it('is total, and its answer is canonical', () => {
  expectTotal(ip, ['10.0.0.1', 'fd00::1', '::ffff:10.0.0.1', 'fe80::1%eth0'], (a) => ip(a) === a);
});

it('reads its own bytes back', () => {
  const same = fc.property(addressBytes(), (bytes) => {
    const mapped =
      bytes.length === 16 && bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 255 && bytes[11] === 255;
    const read = ipFromBytes(bytes);
    expect(read).toBe(ip(fullText(bytes)));
    if (bytes.length === 4) expect(read).toBe(bytes.join('.'));
    if (mapped) expect(read).toBe(bytes.slice(12).join('.'));
    if (bytes.length === 16 && !mapped) expect(read).toContain(':');
  });
  fc.assert(same);
});
