import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHookPrograms } from '../../src/parsers/hook-programs.ts';
import { textNear } from './fuzz.ts';

const key = '0123456789abcdef';
const yes = `hook\t${key}\tsleep\tyes\t/bin/busybox\t/usr/bin:/bin`;
const no = `hook\t${key}\tnginx\tno\t\t/usr/bin:/bin`;
const absolute = `hook\t${key}\t/bin/x\tno\t\t`;

it('in the order of the rows, by container', () =>
  expect(
    parseHookPrograms(
      [yes, no, absolute, `hook\t${'f'.repeat(16)}\tsh\tyes\t?\t/my bin`, `denied\t${key}`, ''].join('\n'),
    ),
  ).toEqual(
    new Map([
      [
        key,
        [
          { program: 'sleep', found: true, path: '/bin/busybox', searched: '/usr/bin:/bin' },
          { program: 'nginx', found: false, path: '', searched: '/usr/bin:/bin' },
          { program: '/bin/x', found: false, path: '', searched: '' },
        ],
      ],
      ['f'.repeat(16), [{ program: 'sh', found: true, path: '?', searched: '/my bin' }]],
    ]),
  ));

describe('no rows', () => {
  it.each([
    '',
    ` ${yes}`,
    yes.replace('hook', 'hooks'),
    yes.replace(key, key.slice(1)),
    yes.replace(key, `${key}0`),
    yes.replace(key, key.toUpperCase()),
    yes.replace('yes', 'maybe'),
    yes.replace('sleep', ''),
    `${yes}\tmore`,
    yes.replace(/\t[^\t]*$/, ''),
    `denied\t${key}`,
  ])('%j', (line) => expect(parseHookPrograms(line).size).toBe(0));
});

it('is total, and rows stay rows', () => {
  const any = fc.property(textNear(yes, no, absolute), (text) => {
    for (const [k, programs] of parseHookPrograms(text)) {
      expect(k).toMatch(/^[0-9a-f]{16}$/);
      for (const p of programs) expect(`${p.program}${p.path}${p.searched}`).not.toMatch(/[\t\n]/);
    }
  });
  fc.assert(any, { numRuns: 1000 });
});
