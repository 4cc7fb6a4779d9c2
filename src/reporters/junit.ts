import type { FailOn } from '../core/fail-on.ts';
import { type Finding, isProblem, isSuppressed } from '../core/finding.ts';
import type { Report, TargetSummary } from '../core/report.ts';
import type { Reporter } from '../core/reporter.ts';
import { type Target, targetKey } from '../core/target.ts';
import { byTarget } from './by-target.ts';
import { clusterText } from './cluster-text.ts';
import { type JunitCase, junitCase } from './junit-case.ts';
import { place } from './place.ts';
import { xml } from './xml.ts';

interface Suite {
  readonly text: string;
  readonly cases: readonly JunitCase[];
}

/** Without the line, which moves while the object stays the same. */
const nameOf = (t: Target): string => {
  switch (t.kind) {
    case 'node':
      return place(t);
    case 'pod':
      return `pod ${place(t)}`;
    case 'manifest':
      return `${t.file} ${t.namespace}/${t.name}`;
  }
};

const counts = (cases: readonly JunitCase[]): Readonly<Record<string, number>> => {
  const of = (outcome: JunitCase['outcome']): number => cases.filter((c) => c.outcome === outcome).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error') };
};

const skipped = (cases: readonly JunitCase[]): number => cases.filter((c) => c.outcome === 'skipped').length;

/** What the schema has no place for, as name and value. */
const properties = (values: Readonly<Record<string, string | number | null>>): string =>
  xml(
    'properties',
    {},
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [xml('property', { name, value })])),
  );

const suite = (
  report: Report,
  target: Target,
  summary: TargetSummary | null,
  findings: readonly Finding[],
  failOn: FailOn,
): Suite => {
  const name = nameOf(target);
  const unread = summary === null || summary.kind === 'manifest' ? null : summary.unread;
  const cases = [...Map.groupBy(findings, (f) => f.check)].map(([check, own]) => junitCase(name, check, own, failOn));
  const all: readonly JunitCase[] =
    unread === null || findings.length > 0
      ? cases
      : [
          {
            outcome: 'error',
            text: xml('testcase', { name: 'it can be read', classname: name }, [
              xml('error', { type: 'unread', message: unread }, unread),
            ]),
          },
        ];
  return {
    cases: all,
    text: xml(
      'testsuite',
      {
        ...{ name, ...counts(all), skipped: skipped(all), timestamp: report.startedAt },
        hostname: target.kind === 'node' ? target.name : null,
      },
      [
        properties({
          cluster: clusterText(report.context),
          via: summary === null || summary.kind === 'manifest' ? null : summary.via,
          unread,
          problems: findings.filter(isProblem).length,
          suppressed: findings.filter(isSuppressed).length,
        }),
        ...all.map((c) => c.text),
      ],
    ),
  };
};

const brokenSuite = (broken: readonly string[]): Suite => {
  const cases = broken.map((why, i): JunitCase => {
    const attributes = { name: `${i + 1}`, classname: 'what could not be read' };
    return {
      outcome: 'error',
      text: xml('testcase', attributes, [xml('error', { type: 'unread', message: why }, why)]),
    };
  });
  const attributes = { name: 'what could not be read', ...counts(cases), skipped: 0 };
  return {
    cases,
    text: xml(
      'testsuite',
      attributes,
      cases.map((c) => c.text),
    ),
  };
};

/**
 * JUnit's XML, for CI: a suite for each target and a test case for each check. What could not be judged is an error there, never a pass. Valid by the schema
 * of Jenkins, of which there are versions (junit-4.xsd, junit-10.xsd): this keeps to what they have in common.
 */
export const junit = (failOn: FailOn): Reporter => ({
  id: 'junit',
  render: (report) => {
    const { findings, targets, broken = [] } = report;
    const findingsOf = byTarget(findings);
    const known = new Map<string, TargetSummary | null>(targets.map((t) => [targetKey(t), t]));
    const subjects = new Map<string, Target>(
      [...targets, ...findings.map((f) => f.target)].map((t) => [targetKey(t), t]),
    );
    const suites = [
      ...[...subjects].map(([key, t]) => suite(report, t, known.get(key) ?? null, findingsOf(t), failOn)),
      ...(broken.length > 0 ? [brokenSuite(broken)] : []),
    ];
    const attributes = {
      name: 'netdoctor',
      ...counts(suites.flatMap((s) => s.cases)),
      time: (report.durationMs / 1000).toFixed(3),
    };
    return `<?xml version="1.0" encoding="UTF-8"?>\n${xml(
      'testsuites',
      attributes,
      suites.map((s) => s.text),
    )}\n`;
  },
});
