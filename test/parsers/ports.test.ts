import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePortList } from '../../src/parsers/port-list.ts';
import { parsePortSpan } from '../../src/parsers/port-span.ts';
import { expectTotal, isPort, port } from './fuzz.ts';

describe('ip_local_reserved_ports', () => {
  it.each([
    ['', []],
    ['\n', []],
    ['8080\n', [[8080, 8080]]],
    ['30000-32767\n', [[30000, 32767]]],
    [
      '1,65535',
      [
        [1, 1],
        [65535, 65535],
      ],
    ],
    ['0-65535', [[0, 65535]]],
    [
      '20002-20004,30000-32767, 40000',
      [
        [20002, 20004],
        [30000, 32767],
        [40000, 40000],
      ],
    ],
    ['5-5', [[5, 5]]],
  ])('%j', (text, want) => expect(parsePortList(text)).toEqual(want));

  it.each([
    '65536',
    '1-65536',
    '2-1',
    '-1',
    '1-',
    '1--2',
    '1,,2',
    ',1',
    '1,',
    '30000 33000',
    'x',
    '0x10',
    '1.5',
    '123456',
    '1-2-3',
    '１',
  ])('none: %j', (text) => expect(parsePortList(text)).toBeNull());

  it('reads what was printed', () => {
    const range = fc.tuple(port(), port()).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
    const printed = fc.property(fc.array(range), (ranges) => {
      expect(parsePortList(`${ranges.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(',')}\n`)).toEqual(ranges);
    });
    fc.assert(printed);
  });

  it('is total', () =>
    expectTotal(parsePortList, ['30000-32767,40000', '1'], (ranges) =>
      ranges.every(([a, b]) => isPort(a) && isPort(b) && a <= b),
    ));
});

describe('one range', () => {
  it.each([
    ['32768\t60999\n', [32768, 60999]],
    ['32768 60999', [32768, 60999]],
    ['30000-32767', [30000, 32767]],
    ['30000+2767', [30000, 32767]],
    ['1\t65535', [1, 65535]],
    ['65535-65535', [65535, 65535]],
    ['65535+0', [65535, 65535]],
    ['1+65534', [1, 65535]],
  ])('%j', (text, want) => expect(parsePortSpan(text)).toEqual(want));

  it.each([
    '',
    '\n',
    '0 1',
    '0-32767',
    '30000',
    '30000-',
    '-32767',
    '32767-30000',
    '30000-65536',
    '30000+35536',
    '1\t2\t3',
    '30000 - 32767',
    '1+-1',
    'a-b',
    '123456-123457',
  ])('none: %j', (text) => expect(parsePortSpan(text)).toBeNull());

  it('reads what was printed, in every spelling', () => {
    const printed = fc.property(fc.integer({ min: 1, max: 65535 }), fc.nat({ max: 65534 }), (from, more) => {
      fc.pre(from + more <= 65535);
      for (const text of [`${from}\t${from + more}\n`, `${from}-${from + more}`, `${from}+${more}`])
        expect(parsePortSpan(text)).toEqual([from, from + more]);
    });
    fc.assert(printed);
  });

  it('is total', () =>
    expectTotal(
      parsePortSpan,
      ['32768\t60999\n', '30000-32767', '30000+2767'],
      ([a, b]) => a >= 1 && a <= b && b <= 65535,
    ));
});
