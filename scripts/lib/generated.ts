import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { catalogueText } from './catalogue.ts';
import { checkList, checkPage } from './check-page.ts';
import { findChecks } from './find-checks.ts';
import { findProbes } from './find-probes.ts';
import { registryText } from './registry.ts';

/** As biome would write it, so that the format suite passes. */
const formatted = (root: string, path: string, text: string): string => {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'check', '--write', `--stdin-file-path=${path}`],
    {
      cwd: root,
      input: text,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`biome could not format ${path}: ${stderr}`);
  return stdout;
};

/** Everything that is written from the checks and probes: path → text. */
export const generated = async (root: string): Promise<ReadonlyMap<string, string>> => {
  const checks = await findChecks(root);
  const probes = await findProbes(root);
  const checksIndex = registryText({
    folder: 'checks',
    type: 'AnyCheck',
    typeFrom: '../core/check.ts',
    doc: 'All checks, by id.',
    entries: checks,
  });
  const probesIndex = registryText({
    folder: 'probes',
    type: 'AnyProbe',
    typeFrom: '../core/probe.ts',
    doc: 'All probes, by fact; of several that yield one fact the first with a value counts.',
    entries: probes,
  });
  return new Map([
    ['src/checks/index.ts', formatted(root, 'src/checks/index.ts', checksIndex)],
    ['src/checks/catalogue.ts', formatted(root, 'src/checks/catalogue.ts', catalogueText(checks.map((c) => c.check)))],
    ['src/probes/index.ts', formatted(root, 'src/probes/index.ts', probesIndex)],
    ['docs/checks/README.md', checkList(checks)],
    ...checks.map((c) => [`docs/checks/${c.check.id}.md`, checkPage(c)] as const),
  ]);
};
