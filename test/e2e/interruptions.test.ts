// lab: it stops the API server, and no other run may be under way
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  afterOutage,
  type Ended,
  fewChecks,
  kubectl,
  labCommand,
  netdoctor,
  netdoctorPods,
  type Running,
  startNetdoctor,
  until,
} from '../support/cluster.ts';
import { seeded } from '../support/seeded.ts';

const random = seeded();

const runs = 12;
/** How many run at once, and how long a whole run takes then, in milliseconds. */
const atOnce = 4;
let lifeMs = 3500;
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const begin = (n: number): Running => startNetdoctor(['node', `node${(n % 2) + 1}`, '-o', 'json', ...fewChecks]);

/** One moment in each twelfth of a run's life, so that all of it is covered; as parts of it. */
const parts = Array.from({ length: runs }, (_, n) => (n + random()) / runs);

/** All of them, a few at once. */
const inTurns = async <T>(work: (moment: number, n: number) => Promise<T>): Promise<T[]> => {
  const done: T[] = [];
  for (let n = 0; n < runs; n += atOnce) {
    done.push(...(await Promise.all(parts.slice(n, n + atOnce).map((part, k) => work(part * lifeMs, n + k)))));
  }
  return done;
};

const ended = async (
  moment: number,
  n: number,
  signal: NodeJS.Signals,
): Promise<Ended & { readonly moment: number }> => {
  const run = begin(n);
  await sleep(moment);
  run.kill(signal);
  return { ...(await run.done), moment };
};

const gone = (limitMs: number): Promise<true> =>
  until('no pod of netdoctor is left', limitMs, async () => ((await netdoctorPods()).length === 0 ? true : null));

/** None runs any more, though nobody deleted them: their programs have ended. */
const noneRuns = (limitMs: number): Promise<true> =>
  until('no pod of netdoctor runs', limitMs, async () => {
    const label = 'app.kubernetes.io/managed-by=kubectl-netdoctor';
    const phases = await kubectl(['get', 'pods', '-A', '-l', label, '-o', 'jsonpath={.items[*].status.phase}']);
    return /Pending|Running|Unknown/.test(phases) ? null : true;
  });

describe('a run that is ended at a random moment', () => {
  beforeAll(async () => {
    const whole = await Promise.all(Array.from({ length: atOnce }, (_, n) => begin(n).done));
    lifeMs = Math.max(lifeMs, ...whole.map(({ ms }) => ms));
  });
  afterAll(() => afterOutage('node1', 'node2'));

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s leaves no pod behind', async (signal) => {
    const all = await inTurns((moment, n) => ended(moment, n, signal));
    for (const run of all) {
      const told = `${signal} after ${Math.round(run.moment)} ms: exit ${run.code}, signal ${run.signal}\n${run.stderr}`;
      // before Node has begun to listen, the signal ends it; a run may have ended before
      const inTime = run.signal === signal || run.code === codes[signal];
      expect(inTime || run.ms < run.moment + 50, told).toBe(true);
      expect(run.stderr, told).not.toMatch(/could not delete|may still be there/);
      if (run.code === codes[signal]) expect(run.stdout, told).toBe('');
    }
    expect(all.filter((run) => run.code === codes[signal]).length).toBeGreaterThan(runs / 2);
    await gone(15_000);
  });

  it('by SIGKILL leaves no pod that runs on', async () => {
    await inTurns((moment, n) => ended(moment, n, 'SIGKILL'));
    await noneRuns(30_000);
    await netdoctor(['cleanup', '--force']);
    await gone(15_000);
  });

  it('by an API server that goes away leaves no pod that runs on', async () => {
    const all: Ended[] = [];
    for (const forMs of [3000, 20_000]) {
      const begun = parts.slice(0, runs / 2).map(async (_, n) => {
        await sleep((parts[2 * n] ?? 0) * lifeMs);
        return await begin(n).done;
      });
      await sleep(lifeMs);
      await labCommand('service', 'cp', 'kube-apiserver', 'stop');
      await sleep(forMs);
      await labCommand('service', 'cp', 'kube-apiserver', 'start');
      all.push(...(await Promise.all(begun)));
    }
    for (const run of all) {
      const told = `exit ${run.code} after ${Math.round(run.ms)} ms\n${run.stderr}`;
      expect([0, 1, 2, 3], told).toContain(run.code);
      expect(run.ms, told).toBeLessThan(35_000);
      if (run.code === 1) expect(run.stderr, told).toMatch(/server|API/);
    }
    await noneRuns(60_000);
    await netdoctor(['cleanup', '--force']);
    await gone(20_000);
  });
});
