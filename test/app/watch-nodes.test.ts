import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchNodes } from '../../src/app/watch-nodes.ts';
import { factsTable } from '../../src/core/facts-table.ts';
import type { WatchEvent } from '../../src/core/watch.ts';
import { writeWatch } from '../../src/transports/watch/program.ts';
import { needRoot, tempDir } from '../transports/collector/run-program.ts';
import { faults } from '../transports/watch-faults.ts';

/** Watches with the program changed like this; gives what was told, what was kept, and notes. */
const watch = (
  seconds: number,
  untilFound: boolean,
  change: (program: string) => string,
  signal = new AbortController().signal,
) => {
  needRoot();
  const over = new AbortController();
  onTestFinished(() => over.abort(new Error('the test is over')));
  const events: WatchEvent[] = [];
  const notes: unknown[] = [];
  const watcher = { onReport: async () => {}, onEvents: async (e: readonly WatchEvent[]) => void events.push(...e) };
  const context = {
    ...{ env: {}, signal: AbortSignal.any([signal, over.signal]) },
    onProgress: (p: unknown) => void notes.push(p),
    onLeftBehind: () => {},
  };
  const write: typeof writeWatch = (o, id) => change(writeWatch(o, id));
  const request = { about: 'nodes', source: { kind: 'local' }, watch: { seconds, untilFound } } as const;
  const nodes = [{ node: 'here', lookup: factsTable([], new Map()) }];
  const came = watchNodes(request, nodes, watcher, context, write).then((watched) => watched.get('here'));
  came.catch(() => undefined);
  /** Until it has begun, however long that takes here. */
  const begun = () => expect.poll(() => events.length, { timeout: 30_000 }).toBeGreaterThan(0);
  return { events, notes, came, begun };
};
const asItIs = (program: string): string => program;

describe('this machine is watched', () => {
  it('until a reply is taken, if that is asked', async () => {
    const f = await faults(79);
    const table = join(tempDir(), 'ip_vs_conn');
    writeFileSync(table, 'TCP 0A4F0002 2382 0A4F0001 794F 0AF40107 0050 SYN_RECV         58\n');
    const began = performance.now();
    const { came, events, begun } = watch(60, true, (p) => p.replaceAll('/proc/net/ip_vs_conn', table));
    await begun();
    await f.connect(9090, 300, 31055);
    expect(await came).toMatchObject({
      found: [{ kind: 'connect', source: { port: 31055 }, mirrors: [{ state: 'SYN_RECV' }] }],
      broken: null,
    });
    expect(events[0]).toMatchObject({ kind: 'begin' });
    expect(performance.now() - began).toBeLessThan(50_000);
  }, 60_000);

  it('until its time is over', async () => {
    const { came, events, notes } = watch(3, true, asItIs);
    const watched = await came;
    expect(watched).toMatchObject({ found: [], broken: null });
    const [first, last] = [events[0]?.atSeconds ?? 0, events.at(-1)?.atSeconds ?? 0];
    expect(watched?.seconds).toBeCloseTo(last - first, 1);
    expect(last - first).toBeGreaterThan(0);
    expect(events.at(-1)).toMatchObject({ kind: 'end', why: 'time' });
    expect(notes).toEqual([]);
  }, 20_000);

  it('until it is interrupted', async () => {
    const user = new AbortController();
    const { came, notes, begun } = watch(60, false, asItIs, user.signal);
    await begun();
    user.abort(new Error('interrupted'));
    expect(await came).toMatchObject({ found: [], broken: null });
    expect(notes).toEqual([]);
  }, 20_000);

  it('until it breaks off, which is told with when and why', async () => {
    const { came, notes } = watch(60, false, (p) =>
      p.replace('say("end\\t" why)', 'say("end\\tparent")').replace('up - begin >= seconds', 'up - begin >= 6'),
    );
    const watched = await came;
    expect(watched).toMatchObject({ found: [], broken: { why: 'its shell was ended' } });
    expect(watched?.seconds).toBeGreaterThanOrEqual(1.5);
    expect(notes).toEqual([
      {
        kind: 'note',
        text: expect.stringMatching(/^the watch of this machine broke off after \d+s of 1m0s: its shell was ended$/),
      },
    ]);
  }, 30_000);

  it('or not at all, where it cannot be', async () => {
    const { came, notes } = watch(60, false, (p) => p.replace('for nd_t in awk sleep', 'for nd_t in no-such-program'));
    const why = 'no-such-program: not found';
    expect(await came).toEqual({ found: [], seconds: null, broken: { why }, missing: null });
    expect(notes).toEqual([{ kind: 'note', text: `this machine cannot be watched: ${why}` }]);
  }, 20_000);
});
