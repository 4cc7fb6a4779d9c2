import { describe, expect, it } from 'vitest';
import { vitestCounts } from '../../scripts/lib/vitest-counts.ts';

const report = (...statuses: readonly string[]): string =>
  JSON.stringify({
    testResults: [{ name: 'f', assertionResults: statuses.map((status) => ({ fullName: `t ${status}`, status })) }],
  });

describe('counting vitest', () => {
  it.each([
    ['all well', report('passed', 'passed'), true, 2, 0],
    ['a failure', report('passed', 'failed'), false, 1, 1],
    ['a skipped test', report('passed', 'skipped'), true, 1, 1],
    ['a todo', report('todo', 'passed'), true, 1, 1],
    ['a pending test', report('pending'), true, 0, 1],
    ['no test', report(), true, 0, 1],
    [
      'a file that does not load',
      JSON.stringify({ testResults: [{ name: 'f', message: 'x', assertionResults: [] }] }),
      false,
      0,
      1,
    ],
    ['the coverage gate', report('passed'), false, 1, 1],
    ['no report', null, false, 0, 1],
    ['no report, though it ended well', null, true, 0, 1],
  ] as const)('%s', (_, json, exitedWell, passed, failed) => {
    expect(vitestCounts(json, exitedWell)).toMatchObject({ passed, failed });
  });

  it('says in short what failed', () => {
    const assertionResults = [
      { fullName: 't', status: 'failed', failureMessages: [`expected 1\n${'at x\n'.repeat(50)}`] },
    ];
    const json = JSON.stringify({ testResults: [{ name: 'f', message: 'no hook', assertionResults }] });
    expect(vitestCounts(json, false).notes).toEqual([
      'failed as a whole: f: no hook',
      `failed: t: expected 1${'\n  at x'.repeat(5)}`,
    ]);
  });

  it('names what did not run', () => {
    expect(vitestCounts(report('passed', 'skipped'), true).notes).toEqual([
      'not run (skipped), which counts as failed: t skipped',
    ]);
  });
});
