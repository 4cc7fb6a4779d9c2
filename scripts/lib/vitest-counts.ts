/** The part of vitest's JSON report that is counted here. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed, in short, and why something counts as failed that vitest itself does not call so. */
  readonly notes: readonly string[];
}

/** Logs are cut in the middle; what failed is to stand at their end. */
const inShort = (message: string): string => message.split('\n').slice(0, 6).join('\n  ').slice(0, 600);

/**
 * Counts the tests of a vitest run. Nothing is skipped silently: a test that did not run counts as failed, and so does a run that
 * found no test, or that failed in another way (a file that does not load, the coverage gate, an error outside of any test).
 */
export const vitestCounts = (json: string | null, exitedWell: boolean): Counts => {
  if (json === null) return { passed: 0, failed: 1, notes: ['vitest ended without a report'] };
  const report = JSON.parse(json) as VitestReport;
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((t) => t.status === 'passed').length;
  const notRun = tests.filter((t) => t.status !== 'passed' && t.status !== 'failed');
  const notes = [
    ...report.testResults.flatMap((file) =>
      file.message ? [`failed as a whole: ${file.name}: ${inShort(file.message)}`] : [],
    ),
    ...tests.flatMap((t) =>
      t.status === 'failed' ? [`failed: ${t.fullName}: ${inShort(t.failureMessages?.[0] ?? '')}`] : [],
    ),
    ...notRun.map((t) => `not run (${t.status}), which counts as failed: ${t.fullName}`),
  ];
  if (tests.length === 0) notes.push('no test was run');
  const failed = tests.length - passed;
  if (failed > 0 || (exitedWell && tests.length > 0)) return { passed, failed, notes };
  if (tests.length > 0)
    notes.push(
      'all tests passed, but vitest did not end well (a file that does not load, the coverage gate, a stray error)',
    );
  return { passed, failed: 1, notes };
};
