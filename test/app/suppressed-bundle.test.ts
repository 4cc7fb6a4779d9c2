import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';
import { idleSuppressions } from '../../src/app/idle-suppressions.ts';
import { exitCode } from '../../src/core/exit-code.ts';
import { isProblem, isSuppressed } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import type { Suppression } from '../../src/core/suppression.ts';

const diagnosed = (about: 'nodes' | 'pods', bundle: string, rules: readonly Suppression[]): Promise<Report> =>
  diagnose(
    {
      ...{ about, windowSeconds: 0, suppress: { rules, reason: 'known' } },
      source: { kind: 'bundle', path: join(import.meta.dirname, '../bundles', bundle) },
    },
    {
      ...{ program: 'netdoctor', env: {}, signal: new AbortController().signal },
      onProgress: () => {},
      onLeftBehind: () => {},
    },
  );

const rule = (check: string, subject: string | null): Suppression => ({ text: check, check, subject });

test('incident I1 whose cause is suppressed: the victims count', async () => {
  const rules = [rule('ports/nodeport-overlap', 'vm1'), rule('ports/nodeport-victims', 'vm2')];
  const report = await diagnosed('nodes', 'i1-ipvs-kubelet-victim.bundle', rules);
  expect(report.findings.filter(isSuppressed).map((f) => f.check)).toEqual(['ports/nodeport-overlap']);
  expect(report.findings.filter(isProblem).map((f) => f.check)).toEqual(['ports/nodeport-victims']);
  expect(exitCode(report, 'warning')).toBe(2);
  expect(idleSuppressions(report, rules)).toEqual([rules[1]]);
});

test('a pod, by its namespace and name', async () => {
  const bundle = 'shutdown-shell-entrypoint.bundle';
  const all = await diagnosed('pods', bundle, [rule('ports', 'nobody')]);
  const [problem] = all.findings.filter((f) => isProblem(f) && f.target.kind === 'pod');
  const { namespace, name } = problem?.target.kind === 'pod' ? problem.target : { namespace: '', name: '' };
  expect(exitCode(all, 'warning')).toBe(2);
  for (const subject of [`${namespace}/${name}`, `${namespace}/*`, null]) {
    const report = await diagnosed('pods', bundle, [rule('shutdown', subject), rule('readiness', subject)]);
    expect(report.findings.filter(isProblem)).toEqual([]);
    expect(report.findings.filter(isSuppressed)).toHaveLength(all.findings.filter(isProblem).length);
    expect(exitCode(report, 'info')).toBe(0);
  }
});

test('a check that there is not ends the run before anything is read', async () => {
  await expect(diagnosed('nodes', 'no-such.bundle', [rule('port/nodeport-overlap', null)])).rejects.toThrow(
    'did you mean ports/nodeport-overlap',
  );
});
