/** Runs the test suites one after the other; scripts/test sets up and calls this. The last line is `N passed, N failed` over all. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { e2eSuite } from './lib/e2e-suite.ts';
import { runVitest } from './lib/run-vitest.ts';
import type { Suite } from './lib/suite.ts';
import { toolSuite } from './lib/tool-suite.ts';

const root = join(import.meta.dirname, '..');

const suitesWith = (keepLab: boolean, files: readonly string[]): readonly Suite[] => [
  toolSuite('format', 'biome: all files look alike', ['biome', 'format', '.']),
  toolSuite('lint', 'biome: lint rules and import order', [
    'biome',
    'ci',
    '--formatter-enabled=false',
    '--error-on-warnings',
    '.',
  ]),
  toolSuite('types', 'tsc', ['tsc', '--noEmit']),
  toolSuite('layers', 'dependency-cruiser: who may import whom', [
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    'src',
    'test',
    'scripts',
  ]),
  toolSuite('dead', 'knip: files, exports and packages that nobody uses', ['knip', '--no-progress']),
  toolSuite('gen', 'the registries and docs/checks are what `npm run gen` writes', [
    process.execPath,
    'scripts/gen.ts',
    '--check',
  ]),
  {
    name: 'unit',
    about: 'vitest: unit, property and repository tests, with the coverage gate on checks and parsers',
    minutes: 30,
    // the gate is for all files together
    run: (root, signal) =>
      runVitest({ root, project: 'unit', args: files.length === 0 ? ['--coverage'] : files, signal }),
  },
  e2eSuite(keepLab, files),
];

const usage = 'usage: scripts/test [--only SUITE[,SUITE]]… [--files PART-OF-A-PATH]… [--keep-lab] [--list]';

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        files: { type: 'string', multiple: true, default: [] },
        list: { type: 'boolean', default: false },
        'keep-lab': { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(1);
  }
};

const { only, files, list, 'keep-lab': keepLab } = options();
const all = suitesWith(keepLab, files);
if (list) {
  for (const suite of all) console.log(`${suite.name.padEnd(7)} ${suite.about}`);
  process.exit(0);
}
const names = only.flatMap((o) => o.split(','));
const wrong = names.find((name) => !all.some((s) => s.name === name));
if (wrong !== undefined) {
  console.error(`no suite is called "${wrong}"; there are: ${all.map((s) => s.name).join(', ')}\n${usage}`);
  process.exit(1);
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort(name));

let passed = 0;
let failed = 0;
for (const suite of all.filter((s) => names.length === 0 || names.includes(s.name))) {
  if (interrupted.signal.aborted) break;
  console.log(`── ${suite.name}`);
  const start = Date.now();
  const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(suite.minutes * 60_000)]);
  const outcome = await suite.run(root, signal);
  if (outcome.failed > 0) process.stdout.write(outcome.output);
  for (const note of outcome.notes) console.log(note);
  console.log(
    `${suite.name}: ${outcome.passed} passed, ${outcome.failed} failed in ${((Date.now() - start) / 1000).toFixed(1)} s\n`,
  );
  passed += outcome.passed;
  failed += outcome.failed;
}
if (interrupted.signal.aborted) {
  console.log(`interrupted by ${interrupted.signal.reason}; what was left did not run`);
  failed = Math.max(failed, 1);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
