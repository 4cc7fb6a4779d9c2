import { expect, it } from 'vitest';
import { spanText } from '../../src/lib/span-text.ts';

it.each([
  [0.42, '0.4 s'],
  [2, '2.0 s'],
  [12.4, '12 s'],
  [119, '119 s'],
  [121, '2 min'],
  [7199, '2 h'],
  [12_000, '3 h 20 min'],
  [172_799, '2 d'],
  [187_200, '2 d 4 h'],
])('%d s is "%s"', (seconds, text) => {
  expect(spanText(seconds)).toBe(text);
});
