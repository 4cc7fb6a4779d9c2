import { expect, test } from 'vitest';
import { exitCode } from '../../src/cli/exit-code.ts';
import type { FailOn } from '../../src/cli/fail-on.ts';
import type { Severity } from '../../src/core/check.ts';
import type { Finding } from '../../src/core/finding.ts';

const base = { check: 'a/b', title: '', target: { kind: 'node', name: 'n' }, message: '' } as const;
const fails = (severity: Severity): Finding => ({
  ...base,
  status: 'fail',
  severity,
  messageId: '',
  data: {},
  evidence: [],
});
const pass: Finding = { ...base, status: 'pass' };
const skipped: Finding = { ...base, status: 'skipped' };
const notApplicable: Finding = { ...base, status: 'not-applicable' };
const unknown: Finding = { ...base, status: 'unknown', missing: [] };
const broken: Finding = { ...base, status: 'error' };

test.each<[FailOn, readonly Finding[], number]>([
  ['warning', [], 0],
  ['warning', [pass, notApplicable, skipped], 0],
  ['warning', [pass, fails('info')], 0],
  ['warning', [pass, fails('warning')], 2],
  ['warning', [fails('critical'), unknown], 2],
  ['warning', [fails('info'), unknown], 3],
  ['warning', [pass, broken], 3],
  ['info', [fails('info')], 2],
  ['error', [fails('warning')], 0],
  ['error', [fails('error')], 2],
  ['critical', [fails('error'), unknown], 3],
  ['critical', [fails('critical')], 2],
  ['never', [fails('critical')], 0],
  ['never', [fails('critical'), unknown], 3],
])('--fail-on %s, %j → %i', (failOn, findings, code) => {
  expect(exitCode(findings, failOn)).toBe(code);
});
