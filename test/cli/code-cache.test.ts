import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { codeCache } from '../../src/cli/code-cache.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'netdoctor-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

it('is below the cache of kubectl, which is made where it is missing', () => {
  expect(codeCache({}, home)).toBe(join(home, '.kube/cache/netdoctor'));
  expect(statSync(join(home, '.kube/cache')).mode & 0o777 & ~0o750).toBe(0);
  expect(codeCache({}, home)).toBe(join(home, '.kube/cache/netdoctor'));
});

it('goes where KUBECACHEDIR says', () => {
  expect(codeCache({ KUBECACHEDIR: join(home, 'new') }, home)).toBe(join(home, 'new/netdoctor'));
  mkdirSync(join(home, 'here'));
  expect(codeCache({ KUBECACHEDIR: join(home, 'here') }, '/nowhere')).toBe(join(home, 'here/netdoctor'));
  expect(codeCache({ KUBECACHEDIR: '' }, home)).toBe(join(home, '.kube/cache/netdoctor'));
});

it('leaves nothing in the home of another user', () => {
  // who is not root looks at root's
  const theirs = process.getuid?.() === 0 ? home : '/';
  if (theirs === home) chownSync(home, 12_345, 12_345);
  const before = readdirSync(theirs);
  expect(codeCache({}, theirs)).toBeNull();
  expect(readdirSync(theirs)).toEqual(before);
});

it('is not where others can write: code of theirs would be run as us', () => {
  const cache = join(home, '.kube/cache');
  const own = codeCache({}, home) ?? '';
  mkdirSync(own);
  for (const folder of [cache, own]) {
    chmodSync(folder, 0o777);
    expect(codeCache({}, home)).toBeNull();
    chmodSync(folder, 0o775);
    expect(codeCache({}, home)).toBe(own);
  }
  if (process.getuid?.() !== 0) return;
  for (const folder of [cache, own]) {
    chownSync(folder, 12_345, 12_345);
    expect(codeCache({}, home)).toBeNull();
    chownSync(folder, 0, 12_345);
    expect(codeCache({}, home)).toBeNull();
    chownSync(folder, 0, process.getgid?.() ?? 0);
  }
});

it('is refused, and at once, where no folder can be made', () => {
  expect(() => codeCache({}, '/no/such/home')).toThrow();
  expect(existsSync('/no')).toBe(false);
  // it is root's: who is not root gets nothing from it either
  if (process.getuid?.() === 0) expect(() => codeCache({}, '/proc')).toThrow();
  else expect(codeCache({}, '/proc')).toBeNull();
  expect(codeCache({}, '/dev/null')).toBeNull();
});
