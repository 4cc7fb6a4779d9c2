import { expect, test } from 'vitest';
import { readLines } from '../../src/cli/read-lines.ts';
import type { Output, Raw } from '../../src/core/read.ts';

const raw = (...outputs: readonly Partial<Output>[]): Raw => {
  const [first, ...rest] = outputs.map(
    (o, sample): Output => ({ stdout: '', stderr: '', exit: 0, sample, atMs: 0, ...o }),
  );
  return first
    ? { ok: true, outputs: [first, ...rest] }
    : { ok: false, gap: { kind: 'forbidden', detail: 'Permission denied' } };
};

test.each([
  [raw({ stdout: '12000\t65001\n' }), ['$ cat x', '  12000   65001']],
  [raw({ stdout: '\x1b[2J\n' }), ['$ cat x', '  \\x1b[2J']],
  [raw({}), ['$ cat x', '  (nothing)']],
  [raw({ stderr: 'no such file', exit: 1 }), ['$ cat x', '  no such file', '  (exit status 1)']],
  [raw({ stdout: 'a' }, { stdout: 'b' }), ['$ cat x', '  a', '  (first of 2 samples)']],
  [raw(), ['$ cat x', '  (forbidden: Permission denied)']],
])('case %#', (given, lines) => {
  expect(readLines('cat x', given)).toEqual(lines);
});

test('a large answer is bounded', () => {
  const lines = readLines('cat x', raw({ stdout: `${'x'.repeat(1000)}\n`.repeat(5000) }));
  expect(lines).toHaveLength(22);
  expect(lines[1]).toHaveLength(205);
  expect(lines.at(-1)).toBe('  ... 4980 more lines');
});

test('of several nodes each is told with its node as the prompt', () => {
  expect(readLines('cat x', raw(), 'node\x1b1')[0]).toBe('node\\x1b1$ cat x');
});

test('a command cannot hide anything', () => {
  expect(readLines('cat /x\n$ rm -rf /\x1b[8m', raw())[0]).toBe('$ cat /x\\n$ rm -rf /\\x1b[8m');
});
