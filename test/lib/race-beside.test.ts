import { expect, it } from 'vitest';
import { raceBeside } from '../../src/lib/race-beside.ts';
import { heapUsed } from '../support/heap-used.ts';

it('gives what comes first', async () => {
  const beside = Promise.withResolvers<string>();
  const race = raceBeside(beside.promise);
  expect(await race(Promise.resolve('next'))).toBe('next');
  await expect(race(Promise.reject(new Error('next failed')))).rejects.toThrow('next failed');
  const late = race(new Promise<string>(() => {}));
  beside.resolve('beside');
  expect(await late).toBe('beside');
  expect(await race(new Promise<string>(() => {}))).toBe('beside');
});

it('fails with the one beside, and bears what fails after it', async () => {
  const beside = Promise.withResolvers<string>();
  const race = raceBeside(beside.promise);
  const next = Promise.withResolvers<string>();
  const late = race(next.promise);
  beside.reject(new Error('beside failed'));
  await expect(late).rejects.toThrow('beside failed');
  next.reject(new Error('nobody hears it'));
  await expect(race(new Promise<string>(() => {}))).rejects.toThrow('beside failed');
});

it('keeps nothing of the races that are over', async () => {
  const race = raceBeside(new Promise<never>(() => {}));
  const before = await heapUsed();
  for (let i = 0; i < 40_000; i++) await race(Promise.resolve(i));
  // 250 bytes for each would be 10 MB
  expect((await heapUsed()) - before).toBeLessThan(4_000_000);
  expect(await race(Promise.resolve(1))).toBe(1);
});
