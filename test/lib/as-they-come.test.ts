import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { asTheyCome } from '../../src/lib/as-they-come.ts';

const collect = async <T>(all: AsyncIterable<T>): Promise<T[]> => {
  const got: T[] = [];
  for await (const one of all) got.push(one);
  return got;
};

it('yields results as they come', async () => {
  expect(await collect(asTheyCome([30, 0, 15], 3, async (ms) => sleep(ms, ms)))).toEqual([0, 15, 30]);
});

it.each([1, 2, 5, 100])('does at most %i at once, and everything once', async (atOnce) => {
  let now = 0;
  let most = 0;
  const items = Array.from({ length: 20 }, (_, i) => i);
  const done = await collect(
    asTheyCome(items, atOnce, async (i) => {
      now += 1;
      most = Math.max(most, now);
      await sleep(i % 3);
      now -= 1;
      return i;
    }),
  );
  expect(done.toSorted((a, b) => a - b)).toEqual(items);
  expect(most).toBe(Math.min(atOnce, items.length));
});

it('nothing to do is done at once', async () => {
  expect(await collect(asTheyCome([], 3, async () => 1))).toEqual([]);
});

it('a failure ends it, after what is under way has ended; nothing more is begun', async () => {
  const ended: number[] = [];
  const work = async (i: number): Promise<number> => {
    if (i === 1) throw new Error('no');
    await sleep(20);
    ended.push(i);
    return i;
  };
  await expect(collect(asTheyCome([0, 1, 2, 3], 3, work))).rejects.toThrow('no');
  expect(ended).toEqual([0, 2]);
});

it('leaving the loop waits for what is under way', async () => {
  const ended: number[] = [];
  for await (const first of asTheyCome([0, 20, 20, 20], 3, async (ms) => sleep(ms, ms))) {
    ended.push(first);
    break;
  }
  expect(ended).toEqual([0]);
});

it('failures that nobody looks at are no unhandled rejections', async () => {
  const work = async (ms: number): Promise<never> => {
    await sleep(ms);
    throw new Error(`after ${ms}`);
  };
  await expect(collect(asTheyCome([1, 5, 10], 3, work))).rejects.toThrow('after 1');
});
