import { expect, it } from 'vitest';
import { parseConntrackStats } from '../../src/parsers/conntrack-stats.ts';
import { expectTotal } from './fuzz.ts';

// conntrack 1.4.7
const cpu = (n: number, failed: number): string =>
  `cpu=${n}   \tfound=20 invalid=1 insert=0 insert_failed=${failed} drop=3 early_drop=1 error=0 search_restart=0 clash_resolve=2 chaintoolong=0 `;

it('sums up what the CPUs counted', () => {
  expect(parseConntrackStats(`${cpu(0, 4)}\n${cpu(1, 5)}\ncount 77\n`)).toEqual({
    space: 'host',
    entries: 77,
    insertFailed: 9,
    clashResolved: 4,
    drop: 6,
    earlyDrop: 2,
  });
});

it('knows an old version, which does not count what was resolved', () => {
  const old =
    'cpu=0 searched=1 found=2 new=0 invalid=0 ignore=0 delete=0 delete_list=0 insert=0 insert_failed=1 drop=1 early_drop=0';
  expect(parseConntrackStats(`${old}\ncount 5`)).toMatchObject({ insertFailed: 1, clashResolved: null });
});

it.each([[''], ['count 5'], [cpu(0, 1)], ['cpu=0 found=1\ncount 5'], [`${cpu(0, 1)}\ncount -5`]])('is not %j', (text) =>
  expect(parseConntrackStats(text)).toBeNull(),
);

it('is total', () => expectTotal(parseConntrackStats, [`${cpu(0, 4)}\ncount 1`], (s) => s.entries >= 0 && s.drop >= 0));
