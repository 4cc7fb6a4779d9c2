import fc from 'fast-check';
import { expect, it } from 'vitest';
import { list } from '../../src/reporters/list.ts';

// cli-table3 brings a string-width of its own: what that takes for wider than ours does was cut, also within a character
it('cuts no character, whatever its width is taken for', () => {
  const cell = fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u.test(text));
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(rows, (all) => {
      const text = list(all, [12], 40).join('');
      expect(text.isWellFormed()).toBe(true);
      expect([...text.replaceAll(' ', '')].sort()).toEqual([...all.flat().join('')].sort());
    }),
    { numRuns: 300 },
  );
});
