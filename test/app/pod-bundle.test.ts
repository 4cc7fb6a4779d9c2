import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';
import type { Report } from '../../src/core/report.ts';
import { table } from '../../src/reporters/table.ts';
import { screenIn } from '../support/screen-in.ts';

const root = join(import.meta.dirname, '../..');

const judge = (bundle: string): Promise<Report> =>
  diagnose(
    { about: 'pods', source: { kind: 'bundle', path: join(root, 'test/bundles', bundle) }, windowSeconds: 0 },
    {
      program: 'netdoctor',
      env: {},
      signal: new AbortController().signal,
      onProgress: () => {},
      onLeftBehind: () => {},
    },
  );

const problemsOf = (report: Report) =>
  report.findings.flatMap((f) =>
    f.status === 'fail' && f.severity !== 'info' ? [`${f.target.name} ${f.check} ${f.severity} ${f.messageId}`] : [],
  );

describe('what was recorded in the lab', () => {
  it('a shell before the program, and a hook whose program is not there', async () => {
    const report = await judge('shutdown-shell-entrypoint.bundle');
    expect(problemsOf(report).map((p) => p.replace(/^\S+ /, ''))).toEqual([
      'shutdown/prestop-cannot-run error missing-program',
      'shutdown/shell-entrypoint error pid1',
    ]);
    expect(report.findings.filter((f) => f.status === 'unknown' || f.status === 'error')).toEqual([]);
  });

  it('readiness that stays false: incident I4 and what looks like it', async () => {
    const report = await judge('i4-stale-readiness.bundle');
    const stale = problemsOf(report).filter((p) => p.includes('readiness/stale'));
    expect(stale.length).toBeGreaterThan(0);
    expect(stale.length).toBeLessThan(report.targets.length);
    // it was saved without a look at the node, and says nothing of it
    expect(report.targets.every((t) => t.kind === 'pod')).toBe(true);
    expect(stale.every((p) => /error stale$|warning stale-by-other$/.test(p))).toBe(true);
  });

  it.each([
    ['docs/pods.md', 'Cluster:'],
    ['README.md', 'Processes of'],
  ])('the screen of %s is what is said of it', async (file, begin) => {
    const report = await judge('shutdown-shell-entrypoint.bundle');
    const screen = table.render(report, { color: false, width: 80, unicode: true, verbose: false });
    expect(screenIn(file, begin)).toBe(screen.slice(screen.indexOf(begin)).trimEnd());
  });

  it('a bundle of a node holds no pods, and that is said', async () => {
    await expect(judge('healthy-iptables.bundle')).rejects.toThrow('The bundle holds no pods');
  });
});
