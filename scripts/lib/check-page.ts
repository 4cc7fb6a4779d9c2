import type { Needs } from '../../src/core/check.ts';
import type { FoundCheck } from './find-checks.ts';

const written = (from: string): string => `<!-- Written by \`npm run gen\` from ${from}; do not edit. -->`;

const factRows = (facts: Needs, use: string): readonly string[] =>
  Object.values(facts)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((f) => `| \`${f.id}\` | ${f.about.replaceAll('|', '\\|')} | ${use} |`);

/** docs/checks/<id>.md */
export const checkPage = ({ file, check }: FoundCheck): string =>
  [
    written(file),
    '',
    `# ${check.id}`,
    '',
    `When all is well: ${check.title}.`,
    '',
    `Severity: up to **${check.severity}**. Judged per ${check.per}.`,
    '',
    '## Why',
    '',
    check.docs.why,
    '',
    '## What it reads',
    '',
    '| fact | what it says | use |',
    '| --- | --- | --- |',
    ...factRows(check.needs as Needs, 'needed, where the check comes to it'),
    ...factRows(check.wants as Needs, 'says more where it is known'),
    '',
    ...(check.causes ? ['## What brings it about', '', ...check.causes.map((id) => `- [${id}](../${id}.md)`), ''] : []),
    ...(check.docs.links.length > 0 ? ['## Links', '', ...check.docs.links.map((link) => `- <${link}>`), ''] : []),
  ].join('\n');

/** docs/checks/README.md */
export const checkList = (checks: readonly FoundCheck[]): string =>
  [
    written('src/checks'),
    '',
    '# Checks',
    '',
    'critical: traffic fails now · error: fails under conditions that are there · warning: a risk · info: a note.',
    '',
    '| check | when all is well | severity |',
    '| --- | --- | --- |',
    ...checks.map(({ check }) => `| [${check.id}](${check.id}.md) | ${check.title} | ${check.severity} |`),
    '',
  ].join('\n');
