import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countPorts,
  formatRanges,
  inRanges,
  intersectRanges,
  mergeRanges,
  subtractRanges,
} from '../../src/lib/port-ranges.ts';
import { parsePortList } from '../../src/parsers/port-list.ts';

type Range = readonly [number, number];

describe('examples at the edges', () => {
  it.each<[string, Range[], Range[]]>([
    ['nothing', [], []],
    ['one port', [[1, 1]], [[1, 1]]],
    [
      'ranges that touch become one',
      [
        [20002, 20003],
        [20004, 20004],
      ],
      [[20002, 20004]],
    ],
    [
      'a port between keeps them apart',
      [
        [1, 2],
        [4, 5],
      ],
      [
        [1, 2],
        [4, 5],
      ],
    ],
    [
      'one within the other',
      [
        [1, 100],
        [50, 60],
      ],
      [[1, 100]],
    ],
    [
      'unsorted and overlapping',
      [
        [40000, 65535],
        [1, 1],
        [30000, 45000],
      ],
      [
        [1, 1],
        [30000, 65535],
      ],
    ],
    [
      'both ends of the space',
      [
        [65535, 65535],
        [1, 1],
      ],
      [
        [1, 1],
        [65535, 65535],
      ],
    ],
  ])('merge: %s', (_, ranges, want) => expect(mergeRanges(ranges)).toEqual(want));

  it.each<[string, Range[], Range[], Range[]]>([
    ['nothing from nothing', [], [[1, 2]], []],
    ['nothing taken away', [[1, 2]], [], [[1, 2]]],
    ['all of it', [[1, 65535]], [[1, 65535]], []],
    ['only the first port', [[1, 65535]], [[1, 1]], [[2, 65535]]],
    ['only the last port', [[1, 65535]], [[65535, 65535]], [[1, 65534]]],
    [
      'the middle',
      [[12000, 65001]],
      [[30000, 32767]],
      [
        [12000, 29999],
        [32768, 65001],
      ],
    ],
    [
      'what only touches',
      [[32768, 60999]],
      [
        [30000, 32767],
        [61000, 65535],
      ],
      [[32768, 60999]],
    ],
    ['beyond both ends', [[5, 6]], [[1, 10]], []],
    [
      'twice the same',
      [[1, 10]],
      [
        [3, 4],
        [3, 4],
      ],
      [
        [1, 2],
        [5, 10],
      ],
    ],
  ])('subtract: %s', (_, a, b, want) => expect(subtractRanges(a, b)).toEqual(want));

  it.each<[string, Range[], Range[], Range[]]>([
    ['the default ranges do not meet', [[32768, 60999]], [[30000, 32767]], []],
    ['one port in common', [[32767, 60999]], [[30000, 32767]], [[32767, 32767]]],
    ['the incident', [[12000, 65001]], [[30000, 32767]], [[30000, 32767]]],
    ['with nothing', [[1, 65535]], [], []],
    [
      'several',
      [
        [1, 10],
        [20, 30],
      ],
      [[5, 25]],
      [
        [5, 10],
        [20, 25],
      ],
    ],
  ])('intersect: %s', (_, a, b, want) => expect(intersectRanges(a, b)).toEqual(want));

  it.each<[Range[], string]>([
    [[], ''],
    [[[1, 1]], '1'],
    [[[1, 65535]], '1-65535'],
    [
      [
        [8080, 8080],
        [30000, 32767],
      ],
      '8080,30000-32767',
    ],
    [[[7, 8]], '7-8'],
  ])('format %j: %j', (ranges, want) => expect(formatRanges(ranges)).toBe(want));
});

/** Ports near both ends of the space, so that a Set model stays small and ranges often meet. */
const near = fc.oneof(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 65512, max: 65535 }));
const range = fc
  .oneof(
    fc.tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 })),
    fc.tuple(fc.integer({ min: 65512, max: 65535 }), fc.integer({ min: 65512, max: 65535 })),
  )
  .map(([a, b]): Range => [Math.min(a, b), Math.max(a, b)]);
const some = fc.array(range, { maxLength: 6 });

const model = (ranges: readonly Range[]): Set<number> => {
  const s = new Set<number>();
  for (const [from, to] of ranges) for (let p = from; p <= to; p++) s.add(p);
  return s;
};
const sorted = (s: ReadonlySet<number>): number[] => [...s].sort((a, b) => a - b);
const isNormal = (ranges: readonly Range[]): boolean =>
  ranges.every(([from, to], i) => from <= to && from > (ranges[i - 1]?.[1] ?? -1) + 1);

describe('against sets of ports', () => {
  const laws: [string, (a: Range[], b: Range[]) => Range[], (a: Set<number>, b: Set<number>) => Set<number>][] = [
    ['merge', (a, b) => mergeRanges([...a, ...b]), (a, b) => new Set([...a, ...b])],
    ['subtract', subtractRanges, (a, b) => new Set([...a].filter((p) => !b.has(p)))],
    ['intersect', intersectRanges, (a, b) => new Set([...a].filter((p) => b.has(p)))],
  ];
  it.each(laws)('%s', (_, of, want) => {
    const law = fc.property(some, some, (a, b) => {
      const got = of(a, b);
      expect(sorted(model(got))).toEqual(sorted(want(model(a), model(b))));
      expect(isNormal(got)).toBe(true);
      expect(countPorts(got)).toBe(want(model(a), model(b)).size);
    });
    fc.assert(law, { numRuns: 1000 });
  });

  it('a port is in ranges if the set has it', () => {
    fc.assert(fc.property(near, some, (p, a) => inRanges(p, a) === model(a).has(p)));
  });

  it('merge does it once and for all, and changes nothing that it is given', () => {
    const law = fc.property(some, (a) => {
      const before = structuredClone(a);
      const once = mergeRanges(a);
      expect(mergeRanges(once)).toEqual(once);
      expect(a).toEqual(before);
    });
    fc.assert(law);
  });

  it('the kernel would read what is formatted', () => {
    fc.assert(
      fc.property(some, (a) => void expect(parsePortList(formatRanges(mergeRanges(a)))).toEqual(mergeRanges(a))),
    );
  });
});
