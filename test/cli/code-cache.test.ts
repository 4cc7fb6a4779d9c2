import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
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

it('is refused, and at once, where no folder can be made', () => {
  expect(() => codeCache({}, '/no/such/home')).toThrow();
  expect(existsSync('/no')).toBe(false);
  for (const path of ['/proc', '/dev/null']) {
    const of = (): string | null => codeCache({}, path);
    // they are root's: who is not root gets nothing from them either
    if (process.getuid?.() === 0) expect(of).toThrow();
    else expect(of()).toBeNull();
  }
});
