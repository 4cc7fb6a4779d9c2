import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellArgv } from '../../../src/transports/debug-pod/shell-argv.ts';

it.each([
  ['short', 10, 3],
  ['as long as one argument may be', 131_071, 3],
  ['one byte longer', 131_072, 6],
  ['of three arguments', 300_000, 7],
])('a program that is %s runs', (_, bytes, words) => {
  const end = `echo "$0 $# é"\n`;
  const comment = `# ${'x'.repeat(97)}\n`;
  const filler = comment.repeat(Math.max(0, Math.floor((bytes - 400) / 100)));
  const rest = Math.max(0, bytes - filler.length - Buffer.byteLength(end));
  const program = `${rest > 1 ? `${'#'.repeat(rest - 1)}\n` : ''}${filler}${end}`;
  if (bytes > 100) expect(Buffer.byteLength(program)).toBe(bytes);
  const [command = '', ...args] = shellArgv(program);
  expect(args).toHaveLength(words - 1);
  for (const shell of [[command], ['busybox', 'sh'], ['bash']]) {
    const [name = '', ...first] = shell;
    const ran = spawnSync(name, [...first, ...args], { encoding: 'utf8' });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toMatch(/ é\n$/);
  }
});
