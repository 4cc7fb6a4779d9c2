import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { progress } from '../../src/cli/progress.ts';
import type { Output } from '../../src/cli/streams.ts';

const done = (): boolean => true;

const told = async (terminal: Partial<Output>, env: Readonly<Record<string, string>>): Promise<string> => {
  const chunks: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, next) => {
      chunks.push(String(chunk));
      next();
    },
  });
  const stderr = Object.assign(sink, {
    columns: 80,
    cursorTo: done,
    clearLine: done,
    moveCursor: done,
    ...terminal,
  });
  const teller = await progress({ stdout: new PassThrough(), stderr }, env, false);
  teller.tell({ kind: 'stage', text: 'reading \x1b[31mvm1' });
  teller.stop();
  return chunks.join('');
};

test('a terminal gets a spinner, sanitised, in the colours that it wants', async () => {
  const text = await told({ isTTY: true }, { NO_COLOR: '1' });
  expect(text).toContain('reading \\x1b[31mvm1');
  expect(text).not.toContain('\x1b[3');
});

test.each([
  ['a pipe', { isTTY: false }, {}],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }],
  ['a terminal without a width', { isTTY: true, columns: 0 }, {}],
] as const)('%s gets nothing', async (_, terminal, env) => {
  expect(await told(terminal, env)).toBe('');
});
