import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WatchFrame, watchFrames } from '../../src/transports/watch/frames.ts';
import { watchText } from '../support/watch-text.ts';

const nonce = 'n0123456789abcdef';
const text = watchText(nonce, 'watch');
const { hello, end } = text;
const frame = (n: number, ...lines: string[]): string[] => text.frame(n, '10.50', ...lines);

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size);
}
const read = async (lines: readonly string[], size = 1000, as: string | null = nonce) => {
  const frames: WatchFrame[] = [];
  const it = watchFrames(inPieces(lines.map((l) => `${l}\n`).join(''), size), 'watch', as);
  for (;;) {
    const next = await it.next();
    if (next.done) return { frames, told: frames.map((f) => f.text), ...next.value };
    frames.push(next.value);
  }
};

describe('frames of a watch', () => {
  it.each([1, 7, 1000])('come one by one, in pieces of %i', async (size) => {
    const {
      frames,
      complete,
      hello: said,
    } = await read([hello, ...frame(0, 'mode\ttrace\tx'), ...frame(1), end(2)], size);
    expect(frames).toEqual([
      { text: 'mode\ttrace\tx\n', atSeconds: 10.5, missed: 0 },
      { text: '', atSeconds: 10.5, missed: 0 },
    ]);
    expect(complete).toBe(true);
    expect(said).toMatchObject({ hostName: 'node1', windowSeconds: 60, uid: 0 });
  });

  it('no frame twice when a log begins anew', async () => {
    const all = [hello, ...frame(0, 'a'), ...frame(1, 'b')];
    expect(await read([...all, ...all, ...frame(2, 'c'), end(3)])).toMatchObject({
      told: ['a\n', 'b\n', 'c\n'],
      complete: true,
    });
  });

  it('says what is missing', async () => {
    const { frames, complete } = await read([hello, ...frame(0, 'a'), ...frame(3, 'b'), end(4)]);
    expect(frames.map((f) => f.missed)).toEqual([0, 2]);
    expect(complete).toBe(false);
  });

  it.each([
    ['cut', (f: string[]) => f.slice(0, -1)],
    ['without its beginning', (f: string[]) => f.slice(1)],
    ['with a line of another in it', (f: string[]) => [...f.slice(0, 1), 'runc: warning', ...f.slice(1)]],
    ['with a line lost', (f: string[]) => [...f.slice(0, 1), ...f.slice(2)]],
    ['of another nonce', (f: string[]) => f.map((l) => l.replace(nonce, 'x0123456789abcdef'))],
    ['of another read', (f: string[]) => f.map((l) => l.replace(' watch ', ' other '))],
    ['longer than any', (f: string[]) => [...f.slice(0, 1), ...frame(1, 'x'.repeat(70_000)).slice(1)]],
  ])('%s: passed over, and missed', async (_, bend) => {
    const lines = [hello, ...frame(0, 'a'), ...bend(frame(1, 'b', 'c')), ...frame(2, 'd'), end(3)];
    const { frames, complete } = await read(lines);
    expect(frames).toMatchObject([{ text: 'a\n' }, { text: 'd\n', missed: 1 }]);
    expect(complete).toBe(false);
  });

  it('an end that never comes is told', async () =>
    expect(await read([hello, ...frame(0, 'a')])).toMatchObject({ told: ['a\n'], complete: false }));

  it('the last frames lost', async () =>
    expect(await read([hello, ...frame(0, 'a'), end(2)])).toMatchObject({ complete: false }));

  it('the nonce of a saved watch is its own', async () =>
    expect(await read([hello, ...frame(0, 'a'), end(1)], 50, null)).toMatchObject({ told: ['a\n'], complete: true }));

  it('whatever comes, it ends', async () => {
    const lines = fc.array(
      fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom(hello, ...frame(0, 'a'), ...frame(1, 'b'), end(1))),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (l) => {
        const { told } = await read(l, 13);
        expect(told.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });
});
