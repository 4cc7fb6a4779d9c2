import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli-run.ts';

const scriptOf = async (shell: string): Promise<string> => {
  const { code, stdout, stderr } = await runCli(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

test.each(['bash', 'zsh', 'fish', 'powershell'])('the script of %s asks __complete and runs no text', async (shell) => {
  const text = await scriptOf(shell);
  expect(text).toContain('__complete');
  expect(text).toContain('kubectl-netdoctor');
  expect(text).not.toMatch(/\beval\b|Invoke-Expression/);
});

/** Words of bash's line as bash parts them, and what is offered in the place of the last. */
type Row = readonly [words: readonly string[], offers: readonly string[], options: string];

describe('bash', () => {
  let dir = '';
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'netdoctor-bash-'));
    const main = join(import.meta.dirname, '../../src/main.ts');
    const program = join(dir, 'kubectl-netdoctor');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' --no-warnings '${main}' "$@"\n`);
    chmodSync(program, 0o755);
    writeFileSync(join(dir, 'script'), await scriptOf('bash'));
    const names = ['lab', 'arn:aws:eks:eu:1:cluster/a', 'arn:aws:eks:eu:1:cluster/b', 'e vil', '$(touch evil)'];
    writeFileSync(join(dir, 'config'), JSON.stringify({ contexts: names.map((name) => ({ name, context: {} })) }));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  /** Drives the function as bash does; the options that it sets are printed by a stand-in for the builtin, which works in a completion only. */
  const drive = (line: string, words: readonly string[]) => {
    const text = `source script
      type() { echo builtin; }
      compopt() { options+=" $*"; }
      COMP_LINE=$1 COMP_POINT=\${#1}; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      __kubectl_netdoctor; printf '%s\\n' "$options" "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['--norc', '-c', text, 'bash', line, ...words], {
      cwd: dir,
      encoding: 'utf8',
      env: { PATH: `${dir}:${process.env.PATH}`, HOME: dir, KUBECONFIG: join(dir, 'config') },
    });
    const [options = '', ...offers] = out.split('\n').slice(0, -1);
    return { options: options.trim(), offers: offers.filter((o) => o !== '') };
  };

  const rows: readonly Row[] = [
    [['node', ' ', '--fail-on', '='], ['info', 'warning', 'error', 'critical', 'never'], '+o default'],
    [['node', ' ', '--fail-on', '=', 'e'], ['error'], '+o default'],
    [['node', ' ', '--fail-on', ' ', 'e'], ['error'], '+o default'],
    // what bash parts at colons it puts back by itself
    [
      ['node', ' ', '--context', ' ', 'arn', ':', 'a'],
      ['aws:eks:eu:1:cluster/a', 'aws:eks:eu:1:cluster/b'],
      '+o default',
    ],
    [
      ['node', ' ', '--context', '=', 'arn', ':', 'aws', ':'],
      ['eks:eu:1:cluster/a', 'eks:eu:1:cluster/b'],
      '+o default',
    ],
    [
      ['node', ' ', '--context', ' ', ''],
      ['lab', 'arn:aws:eks:eu:1:cluster/a', 'arn:aws:eks:eu:1:cluster/b'],
      '+o default',
    ],
    [['node', ' ', '--kubeconfig', ' ', '~/config', ' ', '--context', ' ', 'l'], ['lab'], '+o default'],
    [['node', ' ', '--kubeconfig', ' ', '"config"', ' ', '--context', ' ', 'l'], ['lab'], '+o default'],
    [['node', ' ', '--checks', ' ', 'ipvs/s'], ['ipvs/stuck-handshakes'], '-o nospace +o default'],
    // a star is quoted, unless the word is
    [['node', ' ', '--checks', ' ', 'mtu'], ['mtu/\\*', 'mtu/mismatch'], '-o nospace +o default'],
    [['node', ' ', '--checks', ' ', "'mtu"], ['mtu/*', 'mtu/mismatch'], '-o nospace +o default'],
    [['node', ' ', '--checks', ' ', 'mtu/\\*,ipvs/s'], ['mtu/\\*,ipvs/stuck-handshakes'], '-o nospace +o default'],
    [['node', ' ', '-oj'], ['-ojson', '-ojunit'], '+o default'],
    [['lint', ' ', '-f', ' ', ''], [], ''],
    [['node', ' ', '$(touch evil)', ' ', '--fail-on', ' ', 'e'], ['error'], '+o default'],
    [['bogus', ' ', ''], [], '+o default'],
  ];
  test.each(rows)('%j', (words, offers, options) => {
    const line = `kubectl-netdoctor ${words.join('')}`;
    const parted = ['kubectl-netdoctor', ...words.filter((w) => w !== ' ')];
    expect(drive(line, parted)).toEqual({ options, offers });
    expect(execFileSync('ls', [dir], { encoding: 'utf8' })).not.toContain('evil');
  });

  test('the cursor within the line: what is behind it does not count', () => {
    const text = 'kubectl-netdoctor node --fail-on';
    expect(drive(text, ['kubectl-netdoctor', 'node', '--fail-on'])).toMatchObject({ offers: ['--fail-on'] });
  });
});

test('PowerShell, which is not run here: every bracket and quote is closed', async () => {
  const text = (await scriptOf('powershell')).replace(/^\s*#.*$/gm, '');
  const bare = text.replace(/'(?:[^']|'')*'|"[^"]*"/g, '');
  expect(bare).not.toMatch(/['"]/);
  const open: string[] = [];
  const closes: Readonly<Record<string, string>> = { ')': '(', '}': '{', ']': '[' };
  for (const [c] of bare.matchAll(/[()[\]{}]/g)) {
    if (closes[c] === undefined) open.push(c);
    else expect(open.pop()).toBe(closes[c]);
  }
  expect(open).toEqual([]);
});
