import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

  it('names no recording that is not there', () => {
    const bundles = [...read('README.md').matchAll(/--from (test\/\S+\.bundle)/g)].map((m) => m[1] ?? '');
    expect(bundles).not.toEqual([]);
    for (const bundle of bundles) accessSync(join(root, bundle));
  });
});

/** As GitHub makes them of headings. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map((m) =>
    (m[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('pages for users', () => {
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'docs')).flatMap((f) => (f.endsWith('.md') ? [`docs/${f}`] : [])),
  ];

  it.each(pages)('%s has no link to a file or heading that is not there', (page) => {
    for (const [, file = '', anchor = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)) {
      const target = file === '' ? page : join(dirname(page), file);
      accessSync(join(root, target));
      if (anchor !== '') expect(anchorsOf(read(target))).toContain(anchor);
    }
  });

  it.each(pages.filter((p) => p !== 'README.md'))('%s is linked from README.md', (page) => {
    expect(read('README.md')).toContain(`](${page})`);
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
