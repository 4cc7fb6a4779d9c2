import { dirname, join } from 'node:path';
import { run } from './run.ts';
import type { Suite } from './suite.ts';

/** PATH with this Node and the installed tools first. */
export const pathWithTools = (root: string): string =>
  [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(':');

/** A suite that is one command and counts as one test. */
export const toolSuite = (name: string, about: string, argv: readonly [string, ...string[]]): Suite => ({
  name,
  about,
  minutes: 5,
  run: async (root, signal) => {
    const { ok, output } = await run(argv, { cwd: root, env: { PATH: pathWithTools(root) }, signal });
    return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, notes: [], output };
  },
});
