import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitLines } from '../../../src/transports/collector/split-lines.ts';

async function* from(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks;
}
const lines = async (...chunks: string[]): Promise<string[]> => {
  const out: string[] = [];
  for await (const line of splitLines(from(chunks))) out.push(line);
  return out;
};

it.each([
  ['nothing', [], []],
  ['an empty chunk', [''], []],
  ['one line', ['a\n'], ['a']],
  ['a last line without end', ['a\nb'], ['a', 'b']],
  ['empty lines', ['\n\n'], ['', '']],
  ['a line in three chunks', ['a', 'b', 'c\nd'], ['abc', 'd']],
  ['\\r\\n', ['a\r\nb\r\n'], ['a', 'b']],
  ['\\r\\n in two chunks', ['a\r', '\nb'], ['a', 'b']],
  ['\\r within a line stays', ['a\rb\n'], ['a\rb']],
  ['only one \\r goes', ['a\r\r\n'], ['a\r']],
])('%s', async (_, chunks, want) => expect(await lines(...chunks)).toEqual(want));

it.each([
  ['at the limit it is whole', 2_097_152, 2_097_152],
  ['beyond it, it is cut there', 2_097_153, 2_097_152],
  ['far beyond', 9_000_000, 2_097_152],
])('a long line: %s', async (_, length, kept) => {
  const half = 'x'.repeat(Math.floor(length / 2));
  expect((await lines(half, 'x'.repeat(length - half.length), '\nnext\n')).map((l) => l.length)).toEqual([kept, 4]);
});

it('the lines are those of the text, wherever the chunks end', async () => {
  const text = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\r\n')), { maxLength: 12 });
  const same = fc.asyncProperty(text, fc.array(fc.nat({ max: 60 })), async (pieces, cuts) => {
    const all = pieces.join('');
    const at = [0, ...cuts.map((c) => Math.min(c, all.length)).toSorted((x, y) => x - y), all.length];
    const chunks = at.slice(1).map((to, i) => all.slice(at[i], to));
    const want = all.split('\n').map((l, i, list) => (i < list.length - 1 ? l.replace(/\r$/, '') : l));
    if (want.at(-1) === '') want.pop();
    expect(await lines(...chunks)).toEqual(want);
  });
  await fc.assert(same, { numRuns: 300 });
});
