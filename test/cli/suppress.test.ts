import { describe, expect, test } from 'vitest';
import type { Failed } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import { runCli } from '../support/cli-run.ts';
import { healthy } from '../support/sample-reports.ts';

const problem: Failed = {
  ...{ check: 'ports/nodeport-overlap', title: 'None', target: { kind: 'node', name: 'node1' }, status: 'fail' },
  ...{ severity: 'error', message: 'bad', messageId: 'bad', data: {}, evidence: [{ source: 'a', text: 'b' }] },
};

const suppressed: Report = { ...healthy(), findings: [{ ...problem, suppressed: { reason: 'known' } }] };

describe('what is asked', () => {
  test.each([
    [['--suppress=ports/nodeport-overlap'], [['ports/nodeport-overlap', null]]],
    [
      ['--suppress', 'ports/*=node-?', '--suppress=shutdown/*=shop/*'],
      [
        ['ports/*', 'node-?'],
        ['shutdown/*', 'shop/*'],
      ],
    ],
    [['--suppress= ports = a '], [['ports', 'a']]],
    [['--suppress=ports={a,b}=c'], [['ports', '{a,b}=c']]],
  ])('%j', async (flags, rules) => {
    const asked = await runCli(['node', 'n1', ...flags, '--reason', ' known, since spring ']);
    const suppress = {
      reason: 'known, since spring',
      rules: rules.map(([check, subject], i) => ({
        ...{ check, subject },
        text: flags.filter((f) => f !== '--suppress')[i]?.replace('--suppress=', ''),
      })),
    };
    expect(asked.requests).toMatchObject([{ suppress }]);
    const linted = await runCli(['lint', '-f', 'a', ...flags, '--reason', ' known, since spring ']);
    expect(linted.lints).toMatchObject([{ suppress }]);
  });

  test('without the flags nothing is', async () => {
    const [request] = (await runCli('pod web')).requests;
    expect(request).not.toHaveProperty('suppress');
  });
});

test.each([
  [['--suppress', 'ports/x'], '--suppress needs --reason, which tells those who read the report why'],
  [['--suppress', 'ports/x', '--reason', ' '], '--suppress needs --reason'],
  [['--reason', 'known'], '--reason needs --suppress, which says what it is for'],
  [['--suppress', '=node1', '--reason', 'x'], 'invalid argument "=node1" for "--suppress" flag: give a check'],
  [['--suppress', 'ports/x=', '--reason', 'x'], 'invalid argument "ports/x=" for "--suppress" flag: give a check'],
])('%j is refused', async (flags, message) => {
  for (const command of [
    ['node', 'n1'],
    ['pod', 'web'],
    ['lint', '-f', 'a'],
  ]) {
    const { code, stdout, stderr, requests, lints } = await runCli([...command, ...flags]);
    expect(stderr).toContain(`error: ${message}`);
    expect({ code, stdout, requests, lints }).toEqual({ code: 1, stdout: '', requests: [], lints: [] });
  }
});

describe('what comes of it', () => {
  const run = async () => suppressed;

  test.each(['table', 'json', 'yaml', 'junit', 'sarif', 'markdown'])('-o %s: it does not count', async (format) => {
    const line = ['node', 'node1', '-o', format, '--suppress', 'ports/*', '--reason', 'known', '--fail-on=info'];
    const { code, stderr, stdout } = await runCli(line, { run });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/suppressed/);
  });

  test('what suppresses nothing is told, harmless for the terminal', async () => {
    const flags = [
      '--suppress',
      'ports/*=no\x1bde',
      '--suppress',
      'ports',
      '--suppress',
      'shutdown',
      '--reason',
      'known',
    ];
    const { code, stderr } = await runCli(['node', 'node1', ...flags], { run });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        '--suppress "ports/*=no\\x1bde" fits no problem of this run.\n--suppress "shutdown" fits no problem of this run.\n',
    });
  });

  test('of manifests, too', async () => {
    const lint = async () => suppressed;
    const { code, stderr } = await runCli(['lint', '-f', 'a', '--suppress', 'mtu', '--reason', 'known'], { lint });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '--suppress "mtu" fits no problem of this run.\n' });
  });
});
