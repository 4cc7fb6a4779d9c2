import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('README.md', () => {
  it.each(['./scripts/netdoctor node --local', './scripts/test'])(
    'has the command %s, and it is there to be run',
    (command) => {
      expect(read('README.md')).toContain(`\n${command}\n`);
      accessSync(join(root, command.split(' ')[0] ?? ''), constants.X_OK);
    },
  );

  it('has no link to a file that is not there', () => {
    const links = [...read('README.md').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((m) => m[1] ?? '');
    for (const link of links) accessSync(join(root, link));
  });
});

describe('LICENSE', () => {
  it('is Apache 2.0, as package.json says', () => {
    expect(read('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
    expect(read('LICENSE')).toContain('END OF TERMS AND CONDITIONS');
    expect(JSON.parse(read('package.json'))).toMatchObject({ license: 'Apache-2.0' });
  });
});

describe('CHANGELOG.md', () => {
  it('has a place for what comes', () => {
    expect(read('CHANGELOG.md')).toContain('\n## [Unreleased]\n');
  });
});
