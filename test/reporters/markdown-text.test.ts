import { expect, it } from 'vitest';
import { markdownText } from '../../src/reporters/markdown-text.ts';

const gap = '&#8203;';
const sha = '0123456789abcdef0123456789abcdef01234567';

it.each([
  ['nginx@sha256:ab', `nginx@${gap}sha256:ab`],
  ['@octocat', `@${gap}octocat`],
  ['exec $APP', 'exec &#36;APP'],
  ['see #12', `see #${gap}12`],
  ['a &#5 b', `a &amp;#${gap}5 b`],
  [`at ${sha}`, `at ${sha.slice(0, 7)}${gap}${sha.slice(7)}`],
  // ids and numbers of other lengths are none that GitHub makes a link of by themselves
  ['web-664c6c8b8-x8tzf 1048576', 'web-664c6c8b8-x8tzf 1048576'],
  ['# no heading', '\\# no heading'],
])('%s', (text, want) => expect(markdownText(text)).toBe(want));
