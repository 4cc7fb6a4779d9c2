import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';
import { earlierRun, sinceEarlier } from '../../src/app/earlier-run.ts';
import type { RunContext, Source } from '../../src/app/request.ts';
import { plan } from '../../src/core/plan.ts';
import type { Raw } from '../../src/core/read.ts';
import { bootId } from '../../src/facts/kernel/boot-id.ts';
import { counterChanges } from '../../src/facts/network/counter-changes.ts';
import { allProbes } from '../../src/probes/index.ts';
import { bootIdProc } from '../../src/probes/kernel/boot-id.proc.ts';
import { counterChangesProc } from '../../src/probes/network/counter-changes.proc.ts';
import { countersProc } from '../../src/probes/network/counters.proc.ts';

const notes: string[] = [];
const context: RunContext = {
  program: 'netdoctor',
  env: {},
  signal: new AbortController().signal,
  onProgress: (p) => {
    if (p.kind === 'note') notes.push(p.text);
  },
  onLeftBehind: () => {},
};
const wanted = plan([], allProbes, [counterChanges.id, bootId.id]);
const counters = countersProc.reads.samples.id;
const boot = bootIdProc.reads.id.id;

const at = (atMs: number, stdout: string): Raw => ({
  ok: true,
  outputs: [{ stdout, stderr: '', exit: 0, sample: 0, atMs }],
});
const rows = (errors: number): string => `c\t1\tUdp.InErrors=${errors}\nnames\tUdp.InErrors\n`;
const bootText = '0a1b2c3d-1111-2222-3333-444455556666\n';
const run = (atMs: number, errors: number, booted = bootText): Map<string, Raw> =>
  new Map([
    [counters, at(atMs, rows(errors))],
    [boot, at(atMs, booted)],
  ]);
const earlier = (raws: Map<string, Raw>, node: string | null = 'n1') => ({
  by: '--since' as const,
  path: 'old.bundle',
  node,
  raws,
});

describe('--since', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'netdoctor-since-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('takes the difference to the earlier run', () => {
    const { raws, note } = sinceEarlier(earlier(run(1000, 5)), 'n1', run(3_601_000, 12));
    expect(note).toBeNull();
    const samples = raws.get(counters);
    const changes = samples ? counterChangesProc.parse({ samples }) : null;
    expect(changes?.ok && changes.value).toMatchObject({
      seconds: 3600,
      spaces: [{ space: '1', values: { 'Udp.InErrors': 7 } }],
    });
  });

  it.each([
    ['another boot', run(1000, 5, bootText.replace('0a', '0b')), /booted since old\.bundle was saved/],
    ['a bundle that is younger', run(9_000_000, 5), /not older than this run/],
    [
      'a bundle that does not say which boot',
      new Map([[counters, at(1, rows(1))]]),
      /old\.bundle does not say which boot/,
    ],
  ])('keeps its own window with %s, and says so', (_, old, words) => {
    const mine = run(3_601_000, 12);
    const { raws, note } = sinceEarlier(earlier(old), 'n1', mine);
    expect(raws).toEqual(mine);
    expect(note).toMatch(words);
  });

  it('of a read that failed then, or now, nothing is made up', () => {
    const failed: Raw = { ok: false, gap: { kind: 'failed', detail: 'no' } };
    const mine = run(3_601_000, 12);
    expect(sinceEarlier(earlier(run(1000, 5).set(counters, failed)), 'n1', mine).raws.get(counters)).toEqual(
      mine.get(counters),
    );
    expect(sinceEarlier(earlier(run(1000, 5)), 'n1', mine.set(counters, failed)).raws.get(counters)).toEqual(failed);
  });

  it('refuses a bundle of another node, and a file that is none', async () => {
    expect(() => sinceEarlier(earlier(run(1000, 5), 'n2'), 'n1', run(2000, 5))).toThrow(/is a bundle of n2, not of n1/);
    const path = join(dir, 'none');
    await writeFile(path, 'hello');
    await expect(earlierRun(path, wanted, context.signal)).rejects.toThrow(/no netdoctor bundle/);
  });

  it('compares two runs of this machine, live and saved', async () => {
    const [first, second] = [join(dir, 'first.bundle'), join(dir, 'second.bundle')];
    const ask = (source: Source, more: object) =>
      diagnose({ about: 'nodes', source, windowSeconds: 0, checks: ['sockets/*'], ...more }, context);
    await ask({ kind: 'local' }, { save: first });
    await sleep(20);
    await ask({ kind: 'local' }, { save: second, since: first });
    await ask({ kind: 'bundle', path: second }, { since: first });
    expect(notes.filter((n) => n.includes('--since'))).toEqual([]);
    expect(await readFile(second, 'utf8')).toContain('boot_id');
    const report = await ask({ kind: 'bundle', path: second }, { since: first });
    // one sample each, and yet a time between them
    const overflows = report.findings.find((f) => f.check === 'sockets/accept-queue');
    expect(overflows?.status, overflows?.message).not.toBe('skipped');
    const alone = await ask({ kind: 'bundle', path: second }, {});
    expect(alone.findings.find((f) => f.check === 'sockets/accept-queue')?.status).toBe('skipped');
    await ask({ kind: 'bundle', path: first }, { since: second });
    expect(notes.filter((n) => n.includes('--since'))).toEqual([expect.stringContaining('not older than this run')]);
  });
});
