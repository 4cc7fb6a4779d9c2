import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shim } from '../../src/app/shim.ts';
import { runCli, type World } from '../support/cli-run.ts';

const says = '#!/bin/sh\necho "$0:$*"\n';
let dir = '';
let bin = '';
let file = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "netdoctor-it's $(a) shim-"));
  bin = join(dir, 'bin');
  mkdirSync(bin);
  mkdirSync(join(dir, 'store'));
  writeFileSync(join(dir, 'store/kubectl-netdoctor'), says, { mode: 0o755 });
  symlinkSync(join(dir, 'store/kubectl-netdoctor'), join(bin, 'kubectl-netdoctor'));
  file = join(bin, 'kubectl_complete-netdoctor');
});
afterEach(() => rmSync(dir, { recursive: true }));

const run = (args: readonly string[], world: World = {}) =>
  runCli(['completion', ...args], {
    argv1: join(bin, 'kubectl-netdoctor'),
    env: { PATH: `/usr/bin:${bin}` },
    ...world,
  });

describe('--install', () => {
  test('writes beside the link that was called, and what it writes calls its neighbour', async () => {
    const { code, stdout, stderr } = await run(['--install']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Written: .*\/bin\/kubectl_complete-netdoctor\nkubectl 1\.26 and newer completes/);
    expect(stdout).not.toContain('not on PATH');
    expect(statSync(file).mode & 0o777).toBe(0o755);
    expect(readdirSync(bin).toSorted()).toEqual(['kubectl-netdoctor', 'kubectl_complete-netdoctor']);
    expect(execFileSync(file, ['node', '', 'a b'], { encoding: 'utf8' })).toBe(
      `${join(bin, 'kubectl-netdoctor')}:__complete node  a b\n`,
    );
  });

  test('a second time it changes nothing, and an older one is replaced', async () => {
    await run(['--install']);
    const { ino } = statSync(file);
    expect((await run(['--install'])).stdout).toMatch(/^It is there already: /);
    expect(statSync(file).ino).toBe(ino);
    writeFileSync(file, `${readFileSync(file, 'utf8')}# old\n`);
    expect((await run(['--install'])).stdout).toMatch(/^Written: /);
    expect(readFileSync(file, 'utf8')).not.toContain('# old');
  });

  test('finds by PATH what was called by its name alone', async () => {
    expect((await run(['--install'], { argv1: 'kubectl-netdoctor' })).code).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  test('says what to do where the directory is not on PATH', async () => {
    const { stdout } = await run(['--install'], { env: { PATH: '/usr/bin' } });
    expect(stdout).toContain(`${bin} is not on PATH`);
    const line = stdout.split('\n').find((l) => l.includes('export PATH=')) ?? '';
    expect(execFileSync('sh', ['-c', `${line}; printf %s "\${PATH%%:*}"`], { encoding: 'utf8' })).toBe(bin);
  });

  test('to another directory, where no neighbour is: calls this program by its whole path', async () => {
    const other = join(dir, 'other');
    mkdirSync(other);
    const { stdout } = await run(['--install', '--dir', other]);
    expect(stdout).toContain(`completion --uninstall --dir '`);
    const out = execFileSync(join(other, 'kubectl_complete-netdoctor'), ['x'], { encoding: 'utf8' });
    expect(out).toBe(`${join(bin, 'kubectl-netdoctor')}:__complete x\n`);
  });

  test.each([
    ['a file of somebody else', () => writeFileSync(file, '#!/bin/sh\nexec other\n')],
    ['an empty file', () => writeFileSync(file, '')],
    [
      'a link, even to one of ours',
      () => {
        writeFileSync(join(dir, 'real'), shim.text('linux', { kind: 'sibling', name: 'x' }));
        symlinkSync(join(dir, 'real'), file);
      },
    ],
    ['a link that leads nowhere', () => symlinkSync('/nowhere/at/all', file)],
    ['a directory', () => mkdirSync(file)],
  ])('leaves %s as it is', async (_, make) => {
    make();
    const before = lstatSync(file);
    for (const flag of ['--install', '--uninstall']) {
      const { code, stdout, stderr } = await run([flag]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: .*kubectl_complete-netdoctor is there, and not written by netdoctor/);
    }
    expect(lstatSync(file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  test('a directory that is not there', async () => {
    const { code, stderr } = await run(['--install', '--dir', join(dir, 'none')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*\/none is not a directory/);
  });

  test('leaves nothing half written where it may not write', async () => {
    if (process.getuid?.() !== 0) chmodSync(bin, 0o555);
    // root may write everywhere: there the name of the part is taken
    else mkdirSync(join(bin, `.kubectl_complete-netdoctor.${process.pid}`));
    const { code, stdout } = await run(['--install']);
    chmodSync(bin, 0o755);
    expect({ code, stdout, there: existsSync(file) }).toEqual({ code: 1, stdout: '', there: false });
  });
});

describe('--uninstall', () => {
  test('takes its own away, once', async () => {
    await run(['--install']);
    expect((await run(['--uninstall'])).stdout).toBe(`Removed: ${file}\n`);
    expect(existsSync(file)).toBe(false);
    expect(await run(['--uninstall'])).toMatchObject({ code: 0, stdout: `There is none: ${file}\n` });
  });
});

describe('what is called wrongly', () => {
  test.each([
    [['--install', '--uninstall'], '--uninstall cannot be used with --install'],
    [['bash', '--install'], '"bash" cannot be used with --install'],
    [['--dir', '/tmp'], '--dir needs --install or --uninstall'],
    [['tcsh'], 'there is no completion for "tcsh": it is one of bash, zsh, fish, powershell'],
    [['bash', 'zsh'], 'unexpected argument: zsh'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`error: ${message}`);
  });

  test('a program of another name has to be told where', async () => {
    const { code, stderr } = await run(['--install'], { argv1: '/x/dist/netdoctor.js' });
    expect(code).toBe(1);
    expect(stderr).toContain('this is netdoctor.js, and not kubectl-netdoctor');
  });
});

test('without a word it says how to', async () => {
  const { code, stdout } = await run([]);
  expect(code).toBe(0);
  expect(stdout).toContain('  kubectl netdoctor completion --install\n');
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
    expect(stdout).toContain(`kubectl-netdoctor completion ${shell}`);
});

describe('on Windows', () => {
  test('a batch file, which kubectl finds by PATHEXT', () => {
    expect(shim.name('win32')).toBe('kubectl_complete-netdoctor.cmd');
    const text = shim.text('win32', { kind: 'sibling', name: 'kubectl-netdoctor.exe' });
    expect(text).toMatch(/^@rem .*\r\n@call "%~dp0kubectl-netdoctor\.exe" __complete %\*\r\n$/);
    expect(shim.isOwn(text)).toBe(true);
    const argv = ['C:\\100% a\\node.exe', 'C:\\n.js'];
    expect(shim.text('win32', { kind: 'program', argv })).toContain('"C:\\100%% a\\node.exe" "C:\\n.js" __complete');
  });
});
