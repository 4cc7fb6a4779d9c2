import { expect, test } from 'vitest';
import { duration } from '../../src/cli/duration.ts';

const rule = { least: 0, most: 600 };

test.each([
  ['0', 0],
  ['0s', 0],
  ['2s', 2000],
  ['500ms', 500],
  ['1.5s', 1500],
  ['1m30s', 90_000],
  ['10m', 600_000],
])('%s is %i ms', (text, ms) => {
  expect(duration(text, 'window', rule)).toBe(ms);
});

test.each(['5', '', '-1s', '2 s', 's', '1d', '11m', '1e3s', '1.2.3s'])('%j is refused', (text) => {
  expect(() => duration(text, 'window', rule)).toThrow(`invalid argument "${text}" for "--window" flag`);
});

test('a bare number where a unit is agreed on', () => {
  expect(duration('5', 'request-timeout', { ...rule, unit: 's' })).toBe(5000);
});
