/** Writes the registries, the catalogue and docs/checks from the checks and probes; with --check only tells what would change, and fails if anything would. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generated } from './lib/generated.ts';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

const showDiff = (file: string, text: string): void => {
  const old = existsSync(join(root, file)) ? file : '/dev/null';
  const { stdout } = spawnSync('diff', ['-u', '--label', file, '--label', `${file} (generated)`, old, '-'], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  console.log(stdout);
};

const wanted = await generated(root);
let differ = 0;
for (const [file, text] of wanted) {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  differ += 1;
  if (check) {
    showDiff(file, text);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${file}`);
  }
}
for (const file of globSync('docs/checks/**/*.md', { cwd: root })) {
  if (wanted.has(file)) continue;
  differ += 1;
  if (!check) rmSync(join(root, file));
  console.log(check ? `${file} belongs to no check` : `removed ${file}`);
}
if (check && differ > 0) {
  console.log(`${differ} generated files differ; run \`npm run gen\``);
  process.exitCode = 1;
}
