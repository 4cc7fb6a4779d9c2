import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Set by scripts/test inside the lab. Elsewhere only the end-to-end tests that any cluster can serve are run: test/e2e/**/*.cluster.test.ts.
const inLab = process.env.NETDOCTOR_LAB === '1';

/** Of the unit tests: the longest by far, which would else end with one core idle. */
const longest = /\/collector\/(fuzz|program)\.test\.ts$/;

/** Files of test/e2e itself, then its directories: what makes a lab of its own, then what needs VMs, which are slow and take the cores from the rest. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (file: string): number => (longest.test(file) ? 0 : /\/e2e\/.+\//.test(file) ? 2 : 1);
    const key = ({ moduleId }: TestSpecification): string => `${place(moduleId)} ${moduleId}`;
    return files.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}

/** They watch what this machine's kernel does, so nothing else is to happen meanwhile. */
const alone = ['test/transports/watch.test.ts'];

const gate = { lines: 95, functions: 95, statements: 95, branches: 90 };

export default defineConfig({
  test: {
    allowOnly: false,
    // or else one core is left alone, of two
    maxWorkers: '100%',
    sequence: { sequencer: InOrder },
    // what is waited for comes as fast as this machine is
    expect: { poll: { timeout: 15_000 } },
    coverage: {
      provider: 'v8',
      include: ['src/checks/**/*.ts', 'src/parsers/**/*.ts'],
      exclude: ['src/checks/index.ts'],
      reporter: [['text', { skipFull: true }]],
      thresholds: { 'src/checks/**/*.ts': gate, 'src/parsers/**/*.ts': gate },
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/lab/**', ...alone],
          sequence: { groupOrder: 0 },
          // property tests, with coverage, on a busy machine
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'unit-alone',
          include: alone,
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: [inLab ? 'test/e2e/**/*.test.ts' : 'test/e2e/**/*.cluster.test.ts'],
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          testTimeout: 400_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
