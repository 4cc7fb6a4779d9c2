import { expect, it } from 'vitest';
import { kernelVersionOf } from '../../src/lib/kernel-version.ts';

it.each([
  ['6.18.44', [6, 18, 44, false]],
  ['4.18.0-193.el8.x86_64', [4, 18, 0, true]],
  ['5.15.0-1111-azure', [5, 15, 0, true]],
  ['6.1', [6, 1, 0, false]],
  ['6.12-rc1', [6, 12, 0, true]],
])('%s', (text, [major, minor, patch, vendor]) =>
  expect(kernelVersionOf(text)).toEqual({ major, minor, patch, vendor, text }),
);
it.each(['', '6', 'x.1', '-5.4'])('%j is none', (text) => expect(kernelVersionOf(text)).toBeNull());
