import { defineConfig } from 'vitest/config';

// Set by scripts/test inside the lab. Elsewhere only the end-to-end tests that any cluster can serve are run: test/e2e/**/*.cluster.test.ts.
const inLab = process.env.NETDOCTOR_LAB === '1';

const gate = { lines: 95, functions: 95, statements: 95, branches: 90 };

export default defineConfig({
  test: {
    allowOnly: false,
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
          exclude: ['test/e2e/**', 'test/lab/**'],
          // property tests, with coverage, on a busy machine
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: [inLab ? 'test/e2e/**/*.test.ts' : 'test/e2e/**/*.cluster.test.ts'],
          fileParallelism: false,
          testTimeout: 400_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
