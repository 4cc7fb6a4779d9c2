import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const self = 'test/repo/words.test.ts';
const textual = /(^|\/)[^.]+$|\.(ts|sh|md|json|ya?ml|cjs|go|mod|txt|cast|svg)$/;

// what git has or would take, so also files that are not committed yet
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((f) => f !== '' && f !== self && textual.test(f) && existsSync(join(root, f)));

const hits = (word: RegExp, among: (file: string) => boolean): readonly string[] =>
  files.filter(among).flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, i) => (word.test(line) ? [`${file}:${i + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );

const recorded = (file: string): boolean => /^test\/(bundles|raw)\//.test(file);

describe('words that do not belong here', () => {
  it('a path of the machine that it was written on', () => {
    expect(hits(/(^|[^\w./])\/work\/\w/, (f) => !recorded(f))).toEqual([]);
  });

  it('work that was put off', () => {
    expect(hits(/\b(TODO|FIXME|XXX|HACK)\b/, (f) => !recorded(f) && f !== 'package-lock.json')).toEqual([]);
  });

  it('tests that are left out, or that leave out the others', () => {
    expect(hits(/\b(it|test|describe)\.(only|skip|skipIf|runIf|todo)\b/, (f) => f.endsWith('.test.ts'))).toEqual([]);
  });

  it('what a check was to be filled in with', () => {
    expect(hits(/FILL IN/, (f) => /^(src|test\/checks)\//.test(f))).toEqual([]);
  });

  it('an end-to-end test that needs the lab and does not say why', () => {
    const lab = files.filter(
      (f) => f.startsWith('test/e2e/') && f.endsWith('.test.ts') && !f.endsWith('.cluster.test.ts'),
    );
    expect(lab.filter((f) => !/^\/\/ lab: \S/.test(readFileSync(join(root, f), 'utf8')))).toEqual([]);
  });
});
