import { severities } from '../core/check.ts';
import { type FailOn, failsBy } from '../core/fail-on.ts';
import { type Failed, type Finding, isSuppressed } from '../core/finding.ts';
import { canvas } from './canvas.ts';
import { inOrder } from './in-order.ts';
import { problem } from './problem.ts';
import { xml } from './xml.ts';

/** What a test case comes to. */
export interface JunitCase {
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  /** The element. */
  readonly text: string;
}

const plain = canvas({ color: false, width: 120, unicode: true, verbose: true });

const gravest = (failed: readonly Failed[]): string =>
  severities.findLast((s) => failed.some((f) => f.severity === s)) ?? '';

const told = (failed: readonly Failed[]): string =>
  failed.flatMap((f) => [...problem(f, [], null, plain), '']).join('\n');

const messageOf = (failed: readonly Failed[]): string => {
  const [first] = failed;
  return `${failed.length > 1 ? `${failed.length} problems, the first: ` : ''}${first?.message ?? ''}`;
};

/**
 * All that was found by one check on one target, as one test case: readers of JUnit's XML look at no more than its first failure. What is below --fail-on, or suppressed beside
 * something that fails, is in its system-out.
 */
export const junitCase = (
  classname: string,
  check: string,
  findings: readonly Finding[],
  failOn: FailOn,
): JunitCase => {
  const element = (outcome: JunitCase['outcome'], parts: readonly string[]): JunitCase => ({
    outcome,
    text: xml('testcase', { name: check, classname }, parts),
  });
  const problems = inOrder(findings);
  const failing = problems.filter(failsBy(failOn));
  const mild = problems.filter((f) => !failing.includes(f));
  const suppressed = findings.filter(isSuppressed);
  const blind = findings.filter((f) => f.status === 'unknown' || f.status === 'error');
  const aside = [
    ...(mild.length > 0 ? [`Below --fail-on, so it fails nothing:\n${told(mild)}`] : []),
    ...suppressed.map((f) => `Suppressed (${f.suppressed.reason}):\n${told([f])}`),
  ];
  const out = aside.length > 0 ? [xml('system-out', {}, aside.join('\n'))] : [];
  if (blind.length > 0 || failing.length > 0)
    return element(failing.length > 0 && blind.length === 0 ? 'failure' : 'error', [
      ...blind.map((f) => xml('error', { type: f.status, message: f.message }, f.message)),
      ...(failing.length > 0
        ? [xml('failure', { type: gravest(failing), message: messageOf(failing) }, told(failing))]
        : []),
      ...out,
    ]);
  if (problems.length > 0) return element('passed', out);
  const [first] = suppressed;
  if (first) return element('skipped', [xml('skipped', {}, `suppressed: ${first.suppressed.reason}`), ...out]);
  const without = findings.find((f) => f.status === 'not-applicable' || f.status === 'skipped');
  if (without)
    return element('skipped', [xml('skipped', {}, `${without.status.replace('-', ' ')}: ${without.message}`)]);
  return element('passed', []);
};
