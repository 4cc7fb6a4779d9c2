import { describe, expect, test } from 'vitest';
import { idleSuppressions } from '../../src/app/idle-suppressions.ts';
import { suppressor } from '../../src/app/suppressor.ts';
import { allChecks } from '../../src/checks/index.ts';
import { exitCode } from '../../src/core/exit-code.ts';
import { type Finding, isSuppressed } from '../../src/core/finding.ts';
import type { Suppression, Suppressions } from '../../src/core/suppression.ts';
import type { Target } from '../../src/core/target.ts';

const node: Target = { kind: 'node', name: 'worker-3.example.org' };
const pod: Target = { kind: 'pod', namespace: 'shop', name: 'web-0' };
const manifest: Target = { kind: 'manifest', namespace: 'shop', name: 'Deployment/web', file: 'a.yaml', line: 1 };

const failing = (check: string, target: Target): Finding => ({
  ...{ check, title: 't', target, status: 'fail', severity: 'error', message: 'm', messageId: 'i', data: {} },
  evidence: [{ source: 's', text: 't' }],
});

const rule = (check: string, subject: string | null = null): Suppression => ({
  ...{ text: subject === null ? check : `${check}=${subject}`, check, subject },
});
const by = (...rules: readonly Suppression[]): Suppressions => ({ rules, reason: 'known' });

const findings: readonly Finding[] = [
  failing('ports/nodeport-overlap', node),
  failing('shutdown/killed', pod),
  failing('shutdown/prestop-missing', manifest),
];

const marked = (...rules: readonly Suppression[]): readonly string[] =>
  suppressor(by(...rules), allChecks)(findings).flatMap((f) => (isSuppressed(f) ? [f.check] : []));

test.each([
  [rule('ports/nodeport-overlap'), ['ports/nodeport-overlap']],
  [rule('ports'), ['ports/nodeport-overlap']],
  [rule('shutdown/*'), ['shutdown/killed', 'shutdown/prestop-missing']],
  [rule('*/*', 'worker-3.example.org'), ['ports/nodeport-overlap']],
  [rule('*/*', 'worker-*'), ['ports/nodeport-overlap']],
  [rule('*/*', 'worker-4*'), []],
  [rule('*/*', 'shop/web-0'), ['shutdown/killed']],
  [rule('*/*', 'shop/web'), ['shutdown/prestop-missing']],
  [rule('*/*', 'shop/Deployment/web'), ['shutdown/prestop-missing']],
  [rule('*/*', 'shop/web*'), ['shutdown/killed', 'shutdown/prestop-missing']],
  [rule('*/*', 'other/*'), []],
  [rule('*/*', 'web-0'), []],
  [rule('mtu/mismatch'), []],
])('$0.text', (one, checks) => {
  expect(marked(one)).toEqual(checks);
});

test('several: any of them is enough, and the rest stays as it is', () => {
  expect(marked(rule('ports', 'nobody'), rule('shutdown/killed'), rule('shutdown'))).toHaveLength(2);
  const [first, second] = suppressor(by(rule('shutdown/killed')), allChecks)(findings);
  expect(first).toBe(findings[0]);
  expect(second).toEqual({ ...findings[1], suppressed: { reason: 'known' } });
  expect(suppressor(undefined, allChecks)(findings)).toBe(findings);
});

test('only problems: what could not be judged is not known, whatever is suppressed', () => {
  const base = { check: 'ports/nodeport-overlap', title: 't', target: node, message: 'm' };
  const rest: readonly Finding[] = [
    { ...base, status: 'unknown', missing: [] },
    { ...base, status: 'error' },
    { ...base, status: 'pass' },
  ];
  const after = suppressor(by(rule('ports')), allChecks)(rest);
  expect(after).toEqual(rest);
  expect(exitCode({ findings: after, targets: [] }, 'warning')).toBe(3);
});

test('what a suppressed problem brings about is told and counts', () => {
  const cause = failing('ports/nodeport-overlap', node);
  const effect: Finding = {
    ...failing('ports/nodeport-victims', node),
    because: ['ports/nodeport-overlap'],
  } as Finding;
  const after = suppressor(by(rule('ports/nodeport-overlap')), allChecks)([cause, effect]);
  expect(after[1]).toBe(effect);
  expect(exitCode({ findings: after, targets: [] }, 'warning')).toBe(2);
});

describe('a check that there is not', () => {
  test.each([
    [
      'ports/nodeport-overlaps',
      /^--suppress "ports\/nodeport-overlaps=n": no check fits .*; did you mean ports\/nodeport-overlap/,
    ],
    ['qqqqqqqqq', /no check fits "qqqqqqqqq"; `netdoctor checks` lists them$/],
    ['ports/', /no check fits "ports\/"/],
  ])('%s', (check, message) => {
    expect(() => suppressor(by(rule('ports'), rule(check, 'n')), allChecks)).toThrow(message);
  });

  test('one of another command is none of them: the same list may serve all', () => {
    expect(() => suppressor(by(...allChecks.map((c) => rule(c.id))), allChecks)).not.toThrow();
  });
});

test('those that suppressed nothing', () => {
  const rules = [rule('ports'), rule('ports', 'nobody'), rule('mtu')];
  const after = suppressor(by(...rules), allChecks)(findings);
  expect(idleSuppressions({ findings: after }, rules).map((r) => r.text)).toEqual(['ports=nobody', 'mtu']);
});
