import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { merged } from '../../src/lib/merged.ts';
import { heapUsed } from '../support/heap-used.ts';

const never = new AbortController().signal;

async function* each(texts: readonly string[], ms: number, signal: AbortSignal): AsyncGenerator<string, void> {
  for (const text of texts) {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    yield text;
  }
}

it('gives what several give, as it comes', async () => {
  const got = await Array.fromAsync(
    merged(never, (signal) => [each(['a', 'b'], 30, signal), each(['1'], 45, signal), each([], 0, signal)]),
  );
  expect(got).toEqual(['a', '1', 'b']);
});

it('of nothing gives nothing', async () => expect(await Array.fromAsync(merged(never, () => []))).toEqual([]));

it('lets a quiet stream have its turn beside a busy one', async () => {
  async function* busy(): AsyncGenerator<string, void> {
    for (let i = 0; i < 1000; i++) yield 'busy';
  }
  const got = await Array.fromAsync(merged<string>(never, (signal) => [busy(), each(['quiet'], 0, signal)]));
  expect(got.indexOf('quiet')).toBeLessThan(1001);
  expect(got).toHaveLength(1001);
});

it('ends its streams when the loop is left, and waits for them', async () => {
  let ended = 0;
  async function* waits(signal: AbortSignal): AsyncGenerator<string, void> {
    try {
      yield 'first';
      await sleep(60_000, undefined, { signal }).catch(() => undefined);
    } finally {
      ended++;
    }
  }
  for await (const text of merged(never, (signal) => [waits(signal), waits(signal)])) {
    expect(text).toBe('first');
    break;
  }
  expect(ended).toBe(2);
});

it("ends when it is aborted, and with the first stream's failure", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  expect(await Array.fromAsync(merged(stop.signal, (signal) => [each(['a'], 60_000, signal)]))).toEqual([]);
  async function* fails(): AsyncGenerator<string, void> {
    yield 'a';
    throw new Error('broken');
  }
  const both = merged(never, (signal) => [each(['b'], 60_000, signal), fails()]);
  await expect(Array.fromAsync(both)).rejects.toThrow('broken');
});

it('keeps nothing of what it gave while another stream is silent', async () => {
  async function* busy(): AsyncGenerator<number, void> {
    for (let i = 0; i < 40_000; i++) yield i;
  }
  async function* silent(signal: AbortSignal): AsyncGenerator<number, void> {
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
  }
  const before = await heapUsed();
  for await (const i of merged<number>(never, (signal) => [silent(signal), busy()])) {
    if (i < 39_999) continue;
    // 250 bytes for each would be 10 MB
    expect((await heapUsed()) - before).toBeLessThan(4_000_000);
    return;
  }
  expect.unreachable();
});
