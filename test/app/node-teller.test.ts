import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeTeller } from '../../src/app/node-teller.ts';
import type { WatchEvent, WatchNames } from '../../src/core/watch.ts';

const names: WatchNames = {
  serviceOf: (port) => (port === 31_055 ? 'shop/web' : null),
  ...{ podAt: () => null, podOf: () => null, spaceOf: () => null, strictIn: () => [], podBy: () => null },
};
const destination = { ip: '10.244.1.2', port: 8080 };
const connect: WatchEvent = {
  ...{ kind: 'connect', outcome: 'no-answer', atSeconds: 100, source: { ip: '10.244.1.1', port: 31_055 }, destination },
  ...{ opener: null, mirrors: [], tracked: null, fell: null },
};
const failed = (name: string) => ({
  ...{ kind: 'probe-failed' as const, pod: { namespace: 'shop', name }, container: 'web', probe: 'readiness' as const },
  ...{ destination, text: 'timeout', count: 1, connects: [] },
});
const flip = (name: string) => ({
  ...{
    kind: 'ready' as const,
    pod: { namespace: 'shop', name },
    ready: false,
    by: 'kubelet',
    why: 'x',
    awaySeconds: null,
  },
});
const end: WatchEvent = { kind: 'end', why: 'time', atSeconds: 103 };

const teller = (concerns: (e: WatchEvent) => boolean = () => true) => {
  const told: WatchEvent[] = [];
  return { told, t: nodeTeller(names, concerns, async (events) => void told.push(...events)) };
};

describe('what a node and the API tell', () => {
  it('comes in one row: the failed probe with its connect, and the count before the end', async () => {
    const { told, t } = teller();
    t.api(failed('cart-7'), performance.now());
    await t.frame([connect], 101);
    await t.frame([end], 103);
    await t.end();
    expect(told).toMatchObject([
      { kind: 'connect' },
      { kind: 'probe-failed', atSeconds: 103, connects: [{ source: { port: 31_055 }, service: 'shop/web' }] },
      { kind: 'probe-tally', failed: 1, fromNodePort: 1, ports: [31_055] },
      { kind: 'end' },
    ]);
  });

  it('is bounded where no frame comes for hours; failures that are not told count', async () => {
    const { told, t } = teller();
    for (let i = 0; i < 5100; i++) {
      t.api(flip(`web-${i}`), performance.now());
      t.api(failed('cart-7'), performance.now());
    }
    await t.frame([end], 103);
    expect(told.filter((e) => e.kind === 'ready')).toHaveLength(5000);
    expect(told).toContainEqual(
      expect.objectContaining({ kind: 'ready', pod: { namespace: 'shop', name: 'web-5099' } }),
    );
    expect(told.filter((e) => e.kind === 'probe-failed')).toHaveLength(5000);
    expect(told).toContainEqual(expect.objectContaining({ kind: 'probe-tally', failed: 5100 }));
  });

  it('a failed probe waits for its connect, a pod that is not Ready does not', async () => {
    const { told, t } = teller();
    await t.frame([], 100);
    t.api(failed('cart-7'), performance.now());
    t.api(flip('cart-7'), performance.now());
    await t.frame([], 101);
    expect(told).toMatchObject([{ kind: 'ready' }]);
    await sleep(2600);
    await t.frame([], 103);
    expect(told).toMatchObject([{ kind: 'ready' }, { kind: 'probe-failed', connects: [] }]);
  });

  it('has the times of the node', async () => {
    const { told, t } = teller();
    await t.frame([], 1000);
    t.api(flip('a'), performance.now() + 2000);
    await t.frame([], 1002);
    const [event] = told;
    expect(Math.abs((event?.atSeconds ?? 0) - 1002)).toBeLessThan(2.5);
  });

  it('is told where the watch breaks off without an end, once', async () => {
    const { told, t } = teller();
    t.api(failed('cart-7'), performance.now());
    await t.end();
    await t.end();
    expect(told).toMatchObject([{ kind: 'probe-failed' }, { kind: 'probe-tally', fromNodePort: 0 }]);
  });

  it('is told without a frame, where none comes for some seconds, by the time of the node', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { told, t } = teller();
    t.api(flip('early'), performance.now());
    vi.advanceTimersByTime(60_000);
    // it has no time before its first frame
    await t.tick();
    expect(told).toEqual([]);
    await t.frame([], 1000);
    expect(told).toMatchObject([{ kind: 'ready', pod: { name: 'early' } }]);
    t.api(flip('a'), performance.now());
    t.api(failed('cart-7'), performance.now());
    vi.advanceTimersByTime(4999);
    await t.tick();
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(1);
    t.api(failed('late'), performance.now());
    await t.tick();
    await t.tick();
    expect(told.slice(1)).toMatchObject([
      { kind: 'ready', pod: { name: 'a' }, atSeconds: 1000 },
      { kind: 'probe-failed', pod: { name: 'cart-7' }, atSeconds: 1005 },
    ]);
    vi.advanceTimersByTime(3000);
    await t.tick();
    expect(told.slice(3)).toMatchObject([{ kind: 'probe-failed', pod: { name: 'late' }, atSeconds: 1008 }]);
    await t.end();
    await t.tick();
    t.api(flip('after the end'), performance.now());
    await t.tick();
    await t.end();
    expect(told.slice(4)).toMatchObject([{ kind: 'probe-tally' }, { kind: 'probe-tally' }]);
    expect(told).toHaveLength(6);
  });

  it('is not told to a reader that is busy', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const reading = Promise.withResolvers<void>();
    const told: string[] = [];
    const t = nodeTeller(
      names,
      () => true,
      async (events) => {
        told.push(...events.map((e) => e.kind));
        await reading.promise;
      },
    );
    const frame = t.frame([connect], 100);
    t.api(flip('a'), performance.now());
    vi.advanceTimersByTime(60_000);
    await t.tick();
    expect(told).toEqual(['connect']);
    reading.resolve();
    await frame;
    await t.tick();
    expect(told).toEqual(['connect', 'ready']);
  });

  it('is joined with what is not told', async () => {
    const { told, t } = teller((e) => e.kind !== 'connect');
    await t.frame([connect], 100);
    t.api(failed('cart-7'), performance.now());
    await t.frame([end], 101);
    expect(told.map((e) => e.kind)).toEqual(['probe-failed', 'probe-tally', 'end']);
    expect(told[0]).toMatchObject({ connects: [{ service: 'shop/web' }] });
  });
});
