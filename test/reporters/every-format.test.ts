import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FailOn } from '../../src/core/fail-on.ts';
import { isProblem, isSuppressed } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import type { Reporter } from '../../src/core/reporter.ts';
import { json } from '../../src/reporters/json.ts';
import { junit } from '../../src/reporters/junit.ts';
import { markdown } from '../../src/reporters/markdown.ts';
import { sarif } from '../../src/reporters/sarif.ts';
import { table } from '../../src/reporters/table.ts';
import { everyStatus } from '../support/every-status.ts';
import { formatFaults } from '../support/format-faults.ts';
import { fleet, healthy, incidentOne, localWithUnknowns, notReady } from '../support/sample-reports.ts';
import { arbitraryReport, arbitraryReportOf } from './arbitrary-report.ts';
import { healthyPod, linted, severalPods, sickPod } from './sample-pods.ts';

const printed = (reporter: Reporter, report: Report, verbose = false): string =>
  reporter.render(report, { color: false, width: 100, unicode: true, verbose });

const sarifFor = (failOn: FailOn = 'warning'): Reporter => sarif({ failOn, version: '1.2.3', checks: [] });

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

const samples: readonly (readonly [string, Report])[] = [
  ['every status', everyStatus()],
  ['incident I1', incidentOne()],
  ['healthy', healthy()],
  ['local with unknowns', localWithUnknowns()],
  ['several nodes', fleet()],
  ['not ready', notReady()],
  ['a pod that ends badly', sickPod()],
  ['a pod that ends well', healthyPod()],
  ['several pods', severalPods()],
  ['manifests', linted()],
  ['nothing', { ...healthy(), targets: [], findings: [] }],
];

test.each(samples)('%s is valid in every format', async (_, report) => {
  for (const verbose of [false, true]) expect(await formatFaults(report, verbose)).toEqual([]);
});

describe('every status and severity', () => {
  const report = everyStatus();
  const problems = report.findings.filter(isProblem);
  const suppressed = report.findings.filter(isSuppressed);

  test('are in the fixture', () => {
    expect(new Set(report.findings.map((f) => f.status))).toEqual(
      new Set(['pass', 'fail', 'not-applicable', 'skipped', 'unknown', 'error']),
    );
    for (const some of [problems, suppressed])
      expect(new Set(some.map((f) => f.severity))).toEqual(new Set(['info', 'warning', 'error', 'critical']));
  });

  test('in the table: a line that counts, and with -v one for each', () => {
    const text = printed(table, report);
    expect(text).toContain(
      `${problems.length} problems (1 critical, 4 error, 2 warning, 2 info) · ${suppressed.length} suppressed`,
    );
    expect(text).toContain('2 could not be judged');
    expect(text).not.toContain('suppressed-critical');
    const all = printed(table, report, true);
    expect(count(all, /– suppressed /g)).toBe(suppressed.length);
    expect(all.replaceAll(/\s+/g, ' ')).toContain(
      'critical, suppressed (known since spring & accepted): something is critical',
    );
  });

  test('in JSON: each suppressed problem says why', () => {
    const { findings } = JSON.parse(printed(json, report));
    expect(findings.filter((f: { suppressed?: unknown }) => f.suppressed)).toHaveLength(suppressed.length);
  });

  test("in JUnit's XML: what fails the run fails, what is not known is an error, and the rest is told", () => {
    const text = printed(junit('warning'), report);
    const of = (check: string): string =>
      new RegExp(`<testcase name="${check}" classname="[^"]*"(?:/>|>.*?</testcase>)`, 's').exec(text)?.[0] ?? '';
    expect(of('a/pass')).toBe('<testcase name="a/pass" classname="node node1"/>');
    expect(of('a/not-applicable')).toContain('<skipped>not applicable: no IPVS here</skipped>');
    expect(of('a/skipped')).toContain('<skipped>skipped: not with --local</skipped>');
    expect(of('a/unknown')).toContain(
      '<error type="unknown" message="cannot read /proc/y">cannot read /proc/y</error>',
    );
    expect(of('a/error')).toContain('<error type="error" message="x is not a function">');
    for (const s of ['warning', 'error', 'critical']) {
      expect(of(`b/${s}`)).toContain(`<failure type="${s}" message="something is ${s}">`);
      expect(of(`b/${s}`)).toContain('/proc/x: ');
    }
    expect(of('b/info')).toMatch(/^<testcase[^>]*>\s*<system-out>Below --fail-on.*something is info/s);
    for (const s of ['info', 'warning', 'error', 'critical'])
      expect(of(`c/suppressed-${s}`)).toMatch(
        /^<testcase[^>]*>\s*<skipped>suppressed: known since spring &amp; accepted<\/skipped>\s*<system-out>.*something is/s,
      );
    expect(of('d/several')).toMatch(
      /<failure type="error" message="the graver of two">[^<]*the graver[^<]*<\/failure>/,
    );
    expect(of('d/several')).toMatch(
      /<system-out>[^<]*the milder of two[^<]*the suppressed of three[^<]*<\/system-out>/,
    );
    expect(text).toContain('<testsuites name="netdoctor" tests="19" failures="7" errors="4" time="1.234">');
    expect(count(text, /<failure /g)).toBe(7);
    expect(count(text, /<error /g)).toBe(4);
    expect([...text.matchAll(/name="suppressed" value="(\d+)"/g)].map((m) => m[1])).toEqual(['4', '0', '1', '0']);
    expect(text).toContain(
      '<testcase name="it can be read" classname="node node9">\n<error type="unread" message="gone ',
    );
    expect(text).toContain(
      'classname="what could not be read">\n<error type="unread" message="manifests/other.yaml:2: ',
    );
    expect(text).toContain('<testsuite name="manifests/web app.yaml shop/Deployment/web"');
  });

  test.each([
    ['never', 0],
    ['critical', 1],
    ['error', 5],
    ['info', 8],
  ] as const)("in JUnit's XML with --fail-on %s: %i cases fail", (failOn, failures) => {
    expect(count(printed(junit(failOn), report), /<failure /g)).toBe(failures);
  });

  test('in SARIF: kind, level, place, and why it is suppressed', () => {
    const [run] = JSON.parse(printed(sarifFor(), report, true)).runs;
    expect(run.results).toHaveLength(report.findings.length);
    const of = (check: string): Record<string, unknown> =>
      run.results.find((r: { ruleId: string }) => r.ruleId === check) ?? {};
    expect(of('a/pass')).toMatchObject({ kind: 'pass', level: 'none', suppressions: [] });
    expect(of('a/not-applicable')).toMatchObject({ kind: 'notApplicable', level: 'none' });
    expect(of('a/skipped')).toMatchObject({ kind: 'notApplicable', level: 'none' });
    expect(of('a/unknown')).toMatchObject({ kind: 'open', level: 'none' });
    expect(of('a/error')).toMatchObject({ kind: 'open', level: 'none' });
    const levels = { info: 'note', warning: 'warning', error: 'error', critical: 'error' };
    for (const [s, level] of Object.entries(levels)) {
      expect(of(`b/${s}`)).toMatchObject({ kind: 'fail', level, suppressions: [], properties: { severity: s } });
      expect(of(`c/suppressed-${s}`)).toMatchObject({
        ...{ kind: 'fail', level },
        suppressions: [{ kind: 'external', status: 'accepted', justification: 'known since spring & accepted' }],
      });
    }
    expect(run.results[0]).toMatchObject({
      ruleId: 'b/critical',
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'kubernetes/nodes/node1' }, region: { startLine: 1 } },
          logicalLocations: [{ name: 'node1', fullyQualifiedName: 'node/node1', kind: 'resource' }],
        },
      ],
    });
    const at = run.results.map((r: { locations: object[] }) => r.locations[0]);
    expect(at).toContainEqual({
      physicalLocation: { artifactLocation: { uri: 'manifests/web%20app.yaml' }, region: { startLine: 12 } },
      logicalLocations: [
        { name: 'Deployment/web', fullyQualifiedName: 'manifest/shop/Deployment/web', kind: 'resource' },
      ],
    });
    expect(run.invocations).toMatchObject([{ executionSuccessful: false, exitCode: 1 }]);
    const told = run.invocations[0].toolExecutionNotifications;
    expect(told.map((n: { descriptor: { id: string } }) => n.descriptor.id)).toEqual([
      'error',
      'unknown',
      'unread',
      'unread',
    ]);
    expect(run.properties.counts).toEqual({
      ...{ pass: 1, fail: problems.length + suppressed.length, 'not-applicable': 1, skipped: 1, unknown: 1, error: 1 },
      suppressed: suppressed.length,
    });
    const prints = run.results.flatMap((r: { partialFingerprints?: object }) =>
      Object.values(r.partialFingerprints ?? {}),
    );
    expect(new Set(prints).size).toBe(problems.length + suppressed.length);
  });

  test('in SARIF without -v: nothing that is well, since GitHub would take it for an alert', () => {
    const [run] = JSON.parse(printed(sarifFor(), report)).runs;
    expect(new Set(run.results.map((r: { kind: string }) => r.kind))).toEqual(new Set(['fail', 'open']));
    expect(run.properties.counts.pass).toBe(1);
  });

  test.each([
    ['the line that it was on, and numbers in its message', (r: Report) => r.findings, true],
    [
      'its target',
      (r: Report) => r.findings.map((f) => ({ ...f, target: { kind: 'node', name: 'x' } as const })),
      false,
    ],
    ['its words', (r: Report) => r.findings.map((f) => ({ ...f, message: 'else' })), false],
  ])('a fingerprint and %s', (_, changed, same) => {
    const one: Report = { ...linted(), findings: linted().findings.filter(isProblem).slice(0, 1) };
    const moved = (r: Report): Report => ({
      ...r,
      findings: changed(r).map((f) => ({
        ...f,
        message: f.message.replaceAll(/\d+/g, '7'),
        target: f.target.kind === 'manifest' ? { ...f.target, line: 99 } : f.target,
      })),
    });
    const of = (r: Report): unknown => JSON.parse(printed(sarifFor(), r)).runs[0].results[0].partialFingerprints;
    expect(JSON.stringify(of(moved(one))) === JSON.stringify(of(one))).toBe(same);
  });

  test('in Markdown: each problem, the cause first, what is not known, and what is suppressed', () => {
    const text = printed(markdown, report);
    const headings = [...text.matchAll(/^### . (.*)$/gm)].map((m) => m[1]);
    expect(headings.slice(0, 4)).toEqual([
      'critical: `b/critical`',
      'error: `b/error`',
      'warning: `b/warning`',
      'error: `b/consequence`',
    ]);
    expect(headings).toHaveLength(problems.length);
    expect(text).toContain('Probably a consequence of `b/warning`: mend that first.');
    const [, blind = ''] = /^## Could not be judged\n\n(.*?)\n\n/ms.exec(text) ?? [];
    expect(blind.split('\n')).toEqual([
      '- `a/error` on `node node1` failed, an error in netdoctor itself: x is not a function',
      '- `a/unknown` on `node node1`: cannot read /proc/y',
    ]);
    const [, unread = ''] = /^## Could not be read\n\n(.*?)\n\n/ms.exec(text) ?? [];
    expect(count(unread, /^- /gm)).toBe(2);
    const [, known = ''] = /^## Suppressed\n\n(.*?)\n\n/ms.exec(text) ?? [];
    expect(count(known, /^- /gm)).toBe(suppressed.length);
    expect(known).toContain('known since spring &amp; accepted');
    expect(text).toMatch(
      /\n\*\*✖ 9 problems \(.*\) · 5 suppressed · 1 passed · .*2 could not be judged · 1 node not read\*\*\n$/,
    );
    expect(count(printed(markdown, report, true), /^\| (pass|not-applicable|skipped) /gm)).toBe(3);
  });

  test('why a node could not be read is one line, wherever it is told', () => {
    const text = printed(markdown, fleet());
    const why = 'node vm9 cannot get the image busybox:1.36: ErrImagePull: not found Name an image that the node has.';
    expect(text).toContain(`| ? not read: ${why} |`);
    expect(text).toContain(`- \`node vm9\`: ${why}\n`);
  });

  test('a problem is told once for all targets that have it, and so is a fix', () => {
    const text = printed(markdown, fleet());
    expect(text).toContain('On `node vm1`, `node vm2`');
    expect(text).toContain('**Fix:** as above (`ports/nodeport-victims`)');
  });

  test('only what is suppressed is left: no problem, and the run is not failed', () => {
    const only: Report = { ...report, findings: suppressed, targets: report.targets.slice(0, 1), broken: [] };
    expect(printed(table, only)).toContain('✔ no other problem found · 5 suppressed · 0 passed');
    expect(printed(markdown, only)).toContain('**✔ no other problem found · 5 suppressed · 0 passed**');
    expect(JSON.parse(printed(sarifFor(), only)).runs[0].invocations[0].exitCode).toBe(0);
    expect(printed(junit('info'), only)).not.toMatch(/<failure|<error/);
  });

  test('hostile text makes no link and no placeholder in SARIF', () => {
    const [run] = JSON.parse(printed(sarifFor(), report)).runs;
    const words = JSON.stringify(run.results.map((r: { message: object }) => r.message));
    expect(words).not.toMatch(/\]\(/);
    expect(words).toContain('{{0}}');
  });
});

describe('whatever was read', () => {
  const plain = {
    check: fc.constantFrom('shutdown/killed', 'ports/nodeport-victims', 'a/b'),
    startedAt: fc.constant('2026-11-23T20:14:05.123Z'),
    least: 1,
  };

  test('every format is valid', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryReportOf(plain), fc.boolean(), async (report, verbose) => {
        expect(await formatFaults(report, verbose)).toEqual([]);
      }),
      // each starts a process that validates XML
      { numRuns: 15 },
    );
  }, 180_000);

  test('what is not known is told by each, and passes in none', () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const blind = report.findings.filter((f) => f.status === 'unknown' || f.status === 'error').length;
        fc.pre(blind > 0);
        expect(printed(junit('never'), report)).toContain('<error ');
        expect(printed(markdown, report)).toContain('\n## Could not be judged\n');
        const [run] = JSON.parse(printed(sarifFor(), report)).runs;
        expect(run.results.filter((r: { kind: string }) => r.kind === 'open')).toHaveLength(blind);
        expect([1, 2, 3]).toContain(run.invocations[0].exitCode);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
