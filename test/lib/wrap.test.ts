import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { wrap } from '../../src/lib/wrap.ts';

test.each([
  ['', 5, ['']],
  ['short', 5, ['short']],
  ['two words', 5, ['two', 'words']],
  ['  indented text', 10, ['  indented', 'text']],
  ['abcdefgh', 3, ['abc', 'def', 'gh']],
  ['漢字漢字', 4, ['漢字', '漢字']],
])('%j in %i columns', (line, width, lines) => {
  expect(wrap(line, width)).toEqual(lines);
});

test('no line is too wide, and no word is lost', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', '漢', 'é', '🎉') }),
      fc.integer({ min: 2, max: 30 }),
      (line, width) => {
        const lines = wrap(line, width);
        for (const l of lines) expect(stringWidth(l)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(line.replaceAll(' ', ''));
      },
    ),
  );
});
