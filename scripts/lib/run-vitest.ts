import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';
import type { Outcome } from './suite.ts';
import { pathWithTools } from './tool-suite.ts';
import { vitestCounts } from './vitest-counts.ts';

export interface VitestRun {
  readonly root: string;
  readonly project: 'unit' | 'e2e';
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly live?: boolean;
  readonly signal: AbortSignal;
}

const readOrNull = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

/** Runs the vitest projects whose names begin so, and counts their tests. */
export const runVitest = async ({
  root,
  project,
  args = [],
  env,
  live = false,
  signal,
}: VitestRun): Promise<Outcome> => {
  const temporary = mkdtempSync(join(tmpdir(), 'netdoctor-test-'));
  try {
    const report = join(temporary, 'report.json');
    const reporters = [`--reporter=${live ? 'verbose' : 'default'}`, '--reporter=json', `--outputFile.json=${report}`];
    const ran = await run(['vitest', 'run', '--project', `${project}*`, ...reporters, ...args], {
      cwd: root,
      env: { PATH: pathWithTools(root), ...env },
      signal,
      live,
    });
    return { ...vitestCounts(readOrNull(report), ran.ok), output: live ? '' : ran.output };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
};
