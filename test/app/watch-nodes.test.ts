import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
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
  const events: WatchEvent[] = [];
  const notes: unknown[] = [];
  const watcher = { onReport: async () => {}, onEvents: async (e: readonly WatchEvent[]) => void events.push(...e) };
  const context = { env: {}, signal, onProgress: (p: unknown) => void notes.push(p), onLeftBehind: () => {} };
  const write: typeof writeWatch = (o, id) => change(writeWatch(o, id));
  const request = { about: 'nodes', source: { kind: 'local' }, watch: { seconds, untilFound } } as const;
  const nodes = [{ node: 'here', lookup: factsTable([], new Map()) }];
  const kept = watchNodes(request, nodes, watcher, context, write).then((found) => found.get('here'));
  return { events, notes, kept };
};
const asItIs = (program: string): string => program;

describe('this machine is watched', () => {
  it('until a reply is taken, if that is asked', async () => {
    await using f = await faults(79);
    const table = join(tempDir(), 'ip_vs_conn');
    writeFileSync(table, 'TCP 0A4F0002 2382 0A4F0001 794F 0AF40107 0050 SYN_RECV         58\n');
    const began = performance.now();
    const { kept, events } = watch(60, true, (p) => p.replaceAll('/proc/net/ip_vs_conn', table));
    await sleep(1500);
    await f.connect(9090, 700, 31055);
    expect(await kept).toMatchObject([{ kind: 'connect', source: { port: 31055 }, mirrors: [{ state: 'SYN_RECV' }] }]);
    expect(events[0]).toMatchObject({ kind: 'begin' });
    expect(performance.now() - began).toBeLessThan(20_000);
  }, 40_000);

  it('until its time is over', async () => {
    const { kept, events, notes } = watch(1, true, asItIs);
    expect(await kept).toEqual([]);
    expect(events.at(-1)).toMatchObject({ kind: 'end', why: 'time' });
    expect(notes).toEqual([]);
  }, 20_000);

  it('until it is interrupted', async () => {
    const user = new AbortController();
    const { kept, notes } = watch(60, false, asItIs, user.signal);
    await sleep(1500);
    user.abort(new Error('interrupted'));
    expect(await kept).toEqual([]);
    expect(notes).toEqual([]);
  }, 20_000);

  it('a watch that breaks off with nothing found is a failure', async () => {
    const { kept } = watch(60, false, (p) =>
      p.replace('say("end\\t" why)', 'say("x")').replace('up - begin >= seconds', '1'),
    );
    await expect(kept).rejects.toThrow(/broke off/);
  }, 20_000);

  it('so is a machine that cannot be watched', async () => {
    const { kept } = watch(60, false, (p) => p.replace('for nd_t in awk sleep', 'for nd_t in no-such-program'));
    await expect(kept).rejects.toThrow('This machine cannot be watched: no-such-program: not found.');
  }, 20_000);
});
