import { describe, expect, it } from 'vitest';
import { median, timePairs } from '../../scripts/lib/pairs.ts';
import { startCosts } from '../../scripts/lib/start-cost.ts';

const run = async (a: readonly number[], b: readonly number[], warmUps: number) => {
  const order: string[] = [];
  const left = { A: [...a], B: [...b] };
  const times = await timePairs({
    pairs: a.length - warmUps,
    warmUps,
    time: async (side) => {
      order.push(side);
      return left[side].shift() ?? Number.NaN;
    },
    tidy: async () => void order.push('tidy'),
  });
  return { order: order.join(' '), times };
};

describe('timing in pairs', () => {
  it('takes turns and tidies after each run, of either side', async () => {
    const { order } = await run([1, 1], [1, 1], 0);
    expect(order).toBe('A tidy B tidy A tidy B tidy');
  });

  it('does not count warm-ups', async () => {
    const { times } = await run([900, 10, 20, 30], [900, 10, 10, 10], 1);
    expect(times.a).toEqual({ min: 10, median: 20, max: 30 });
    expect(times.b).toEqual({ min: 10, median: 10, max: 10 });
  });

  it('compares within pairs: a slow moment that hits both does not count', async () => {
    const { times } = await run([10, 1000, 10], [20, 2000, 20], 0);
    expect(times.ratio).toBe(0.5);
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('median of %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('timing the start', () => {
  it('times what works beside kubectl, and says why the rest is left out', async () => {
    const netdoctor = [
      'sh',
      '-c',
      '[ "$1" != __complete ] || { echo "error: no such command" >&2; exit 1; }',
      'netdoctor',
    ];
    const kubectl = ['sh', '-c', '[ "$1" = version ] || { echo "error: no server" >&2; exit 1; }', 'kubectl'];
    const costs = await Array.fromAsync(startCosts(netdoctor, kubectl, 1, 0));
    const told = costs.map((c) => [c.name, c.aim, 'why' in c ? c.why : c.times.ratio > 0]);
    expect(told).toEqual([
      ['--help', 1.2, true],
      ['--version', 1.2, true],
      ['checks', 1.2, true],
      ['explain ports/nodeport-overlap', 1.2, true],
      ["__complete ''", 1.2, 'error: no such command'],
      ["__complete node ''", 2, 'error: no such command'],
      ['cleanup --dry-run', 2, 'error: no server'],
    ]);
  });

  it('a program that is not there is told', async () => {
    for await (const cost of startCosts(['/no/such/program'], ['true'], 1, 0))
      expect(cost).toMatchObject({ why: expect.stringContaining('ENOENT') });
  });
});
