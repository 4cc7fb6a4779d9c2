import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { look } from '../../src/cli/look.ts';

const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 132 });
const pipe = new PassThrough();

test.each([
  [terminal, {}, 'auto', true],
  [terminal, { NO_COLOR: '1' }, 'auto', false],
  [terminal, { NO_COLOR: '' }, 'auto', true],
  [terminal, { TERM: 'dumb' }, 'auto', false],
  [terminal, { FORCE_COLOR: '0' }, 'auto', false],
  [terminal, {}, 'never', false],
  [pipe, {}, 'auto', false],
  [pipe, { FORCE_COLOR: '1' }, 'auto', true],
  [pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, 'auto', false],
  [pipe, { NO_COLOR: '1' }, 'always', true],
] as const)('case %#: colour', (stream, env, when, color) => {
  expect(look(stream, env, when).color).toBe(color);
});

test("the width is the terminal's, 80 elsewhere", () => {
  expect(look(terminal, {}).width).toBe(132);
  expect(look(pipe, {}).width).toBe(80);
});

test.each([
  [{ LANG: 'de_DE.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
  [{ LANG: 'C.UTF-8', TERM: 'linux' }, false],
  [{}, false],
])('%j: unicode %s', (env, unicode) => {
  expect(look(terminal, env).unicode).toBe(unicode);
});
