import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, run } from './run.ts';
import { runVitest } from './run-vitest.ts';
import type { Outcome, Suite } from './suite.ts';

const downMinutes = 5;

const failed = (output: string): Outcome => ({ passed: 0, failed: 1, notes: [], output });

/** The end-to-end tests that only the lab can serve, each with the reason that its first line gives (`// lab: …`). */
const labOnly = (root: string): readonly string[] =>
  globSync('test/e2e/**/*.test.ts', { cwd: root })
    .filter((file) => !file.endsWith('.cluster.test.ts'))
    .sort()
    .map(
      (file) =>
        `${file}: needs the lab: ${/^\/\/ lab: (.*)/.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? 'no reason given'}`,
    );

const onOwnCluster = async (root: string, signal: AbortSignal, args: readonly string[]): Promise<Outcome> => {
  const outcome = await runVitest({ root, project: 'e2e', args, signal, live: true });
  const left = labOnly(root);
  if (left.length > 0)
    console.log(
      `\nNOT RUN on a cluster of your own (${left.length} files):\n${left.map((line) => `  ${line}`).join('\n')}`,
    );
  return outcome;
};

const upAndTest = async (root: string, lab: string, signal: AbortSignal, args: readonly string[]): Promise<Outcome> => {
  const up = await run([lab, 'up'], { cwd: root, signal, live: true });
  if (!up.ok) return failed('the lab did not come up, see above\n');
  return await runVitest({ root, project: 'e2e', args, env: { NETDOCTOR_LAB: '1' }, signal, live: true });
};

/** The tests go into the lab themselves, by `lab exec` and `lab in`, and add nodes, which is refused inside. */
const inLab = async (root: string, signal: AbortSignal, args: readonly string[], keep: boolean): Promise<Outcome> => {
  const lab = join(root, 'test/lab/lab');
  let down: Ran = { ok: true, output: '' };
  let outcome: Outcome;
  try {
    outcome = await upAndTest(root, lab, signal, args);
  } finally {
    // in every ending, also when the suite was interrupted or its time was over
    const limit = AbortSignal.timeout(downMinutes * 60_000);
    if (!keep) down = await run([lab, 'down'], { cwd: root, signal: limit, live: true });
  }
  if (down.ok) return outcome;
  return { ...outcome, failed: outcome.failed + 1, notes: [...outcome.notes, 'the lab did not go down, see above'] };
};

/** The end-to-end tests: on the lab, or on the user's own cluster with NETDOCTOR_E2E_CLUSTER=1. `files`: parts of paths; none: all. */
export const e2eSuite = (keepLab: boolean, files: readonly string[]): Suite => ({
  name: 'e2e',
  about:
    'vitest: end to end on the lab, a real cluster (needs root and Debian), or on a cluster of your own with NETDOCTOR_E2E_CLUSTER=1',
  minutes: 70,
  run: async (root, signal) => {
    if (process.env.NETDOCTOR_E2E_CLUSTER === '1') return await onOwnCluster(root, signal, files);
    if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) return await inLab(root, signal, files, keepLab);
    return failed(
      'The lab needs root and Debian. To test on a cluster of your own (kind, for example):\n' +
        '  KUBECONFIG=… NETDOCTOR_E2E_CLUSTER=1 ./scripts/test --only e2e\n' +
        'Pods are made there in kube-system and deleted again. Tests that need the lab are then listed, not run.\n',
    );
  },
});
