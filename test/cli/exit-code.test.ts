import { expect, test } from 'vitest';
import { exitCode } from '../../src/cli/exit-code.ts';
import type { FailOn } from '../../src/cli/fail-on.ts';
import type { Severity } from '../../src/core/check.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { TargetSummary } from '../../src/core/report.ts';

const base = { check: 'a/b', title: '', target: { kind: 'node', name: 'n' }, message: '' } as const;
const fails = (severity: Severity): Finding => ({
  ...base,
  status: 'fail',
  severity,
  messageId: '',
  data: {},
  evidence: [],
});
const target = (name: string, unread: string | null): TargetSummary => ({
  kind: 'node',
  name,
  via: unread === null ? 'debug-pod' : 'kube-api',
  unread,
  kernel: null,
  kubeProxyMode: null,
  portSpace: null,
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
  expect(exitCode({ findings, targets: [target('n', null)] }, failOn)).toBe(code);
});

const dead = 'node m is NotReady';
test.each<[string, readonly TargetSummary[], readonly Finding[], number]>([
  ['the only node was not read', [target('m', dead)], [], 1],
  ['no node was read', [target('m', dead), target('o', dead)], [], 1],
  ['one of two was not read', [target('n', null), target('m', dead)], [pass], 3],
  ['one was not read, the other has a problem', [target('n', null), target('m', dead)], [fails('error')], 2],
  ['what the API alone can judge was all that was asked', [target('n', dead)], [pass], 0],
  ['the API alone could not judge it', [target('n', dead)], [pass, unknown], 3],
])('%s → exit code', (_, targets, findings, code) => {
  expect(exitCode({ findings, targets }, 'warning')).toBe(code);
});
