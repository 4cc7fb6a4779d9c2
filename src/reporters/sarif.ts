import type { AnyCheck, Severity } from '../core/check.ts';
import { exitCode } from '../core/exit-code.ts';
import type { FailOn } from '../core/fail-on.ts';
import { type Failed, type Finding, isSuppressed } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import type { Look, Reporter } from '../core/reporter.ts';
import { targetKey } from '../core/target.ts';
import { printable } from '../lib/printable.ts';
import { inOrder } from './in-order.ts';
import { jsonText } from './json-text.ts';
import { place } from './place.ts';
import { sarifLocation } from './sarif-location.ts';
import { sarifText } from './sarif-text.ts';

/** What a rule is told of. */
type Rule = Pick<AnyCheck, 'id' | 'severity' | 'docs'>;

/** What the reporter knows besides the report. */
export interface SarifOptions {
  readonly failOn: FailOn;
  readonly version: string;
  /** Whose words the rules are described by. */
  readonly checks: readonly Rule[];
}

const levels: Readonly<Record<Severity, string>> = {
  critical: 'error',
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** `open`: "insufficient information to decide whether a problem exists" (SARIF 3.27.9); `skipped` has no kind of its own. */
const kinds: Readonly<Record<Finding['status'], string>> = {
  pass: 'pass',
  fail: 'fail',
  'not-applicable': 'notApplicable',
  skipped: 'notApplicable',
  unknown: 'open',
  error: 'open',
};

const exits = {
  0: 'everything was judged, nothing at or above --fail-on',
  1: 'nothing is known, or not all manifests could be read',
  2: 'problems at or above --fail-on',
  3: 'no such problem, but something could not be judged',
} as const;

const message = (text: string): object => ({ text: sarifText(text) });

const ruleOf = (id: string, title: string, check: Rule | undefined): object => ({
  id,
  shortDescription: message(title),
  ...(check
    ? {
        fullDescription: message(check.docs.why),
        help: message([check.docs.why, ...check.docs.links].join('\n')),
        ...(check.docs.links[0] === undefined ? {} : { helpUri: check.docs.links[0] }),
        defaultConfiguration: { level: levels[check.severity] },
        properties: { tags: ['kubernetes', id.split('/')[0] ?? id] },
      }
    : {}),
});

/** The problem and its remedy as plain paragraphs. */
const wordsOf = (f: Finding): string => {
  if (f.status === 'skipped') return `Skipped: ${f.message}`;
  if (f.status !== 'fail') return f.message;
  return [
    f.message,
    ...(f.because ? [`Probably a consequence of ${f.because.join(' and ')}: mend that first.`] : []),
    ...(f.fix ? [`Fix: ${f.fix.say}`] : []),
  ].join('\n');
};

/** The same in every run for the same problem: numbers in its message (counts, ports of a moment, process ids) may differ. */
const identity = (f: Failed): string => {
  const t = f.target;
  const on = t.kind === 'manifest' ? `${t.file} ${t.namespace}/${t.name}` : `${t.kind} ${place(t)}`;
  return [f.check, f.messageId, on, f.message.replaceAll(/\d+/g, '#')].map(printable).join(' | ');
};

const bag = (f: Finding): object => ({
  status: f.status,
  ...(f.status === 'fail'
    ? {
        severity: f.severity,
        messageId: f.messageId,
        data: f.data,
        evidence: f.evidence,
        ...(f.fix ? { fix: f.fix } : {}),
        ...(f.because ? { because: f.because } : {}),
      }
    : {}),
  ...(f.status === 'unknown' ? { missing: f.missing } : {}),
});

/** Problems first, the cause before what it brings about; then the suppressed ones, then what could not be judged, then the rest. */
const ordered = (findings: readonly Finding[], verbose: boolean): readonly Finding[] => [
  ...inOrder(findings),
  ...findings.filter(isSuppressed),
  ...findings.filter((f) => f.status === 'unknown' || f.status === 'error'),
  ...(verbose ? findings.filter((f) => f.status !== 'fail' && f.status !== 'unknown' && f.status !== 'error') : []),
];

const countsOf = (findings: readonly Finding[]): object => ({
  ...Object.fromEntries(Object.keys(kinds).map((s) => [s, findings.filter((f) => f.status === s).length])),
  suppressed: findings.filter(isSuppressed).length,
});

/** What the run could not see. */
const notifications = (report: Report, indexOf: (check: string) => number): readonly object[] => {
  const seen = new Set(report.findings.map((f) => targetKey(f.target)));
  return [
    ...report.findings.flatMap((f) =>
      f.status === 'unknown' || f.status === 'error'
        ? [
            {
              descriptor: { id: f.status },
              associatedRule: { id: f.check, index: indexOf(f.check) },
              level: f.status === 'error' ? 'error' : 'warning',
              message: message(f.message),
              locations: [sarifLocation(f.target, null)],
            },
          ]
        : [],
    ),
    ...report.targets.flatMap((t) =>
      t.kind !== 'manifest' && t.unread !== null && !seen.has(targetKey(t))
        ? [
            {
              descriptor: { id: 'unread' },
              level: 'error',
              message: message(t.unread),
              locations: [sarifLocation(t, null)],
            },
          ]
        : [],
    ),
    ...(report.broken ?? []).map((why) => ({
      descriptor: { id: 'unread' },
      level: 'error',
      message: message(why),
    })),
  ];
};

const log = (report: Report, { verbose }: Look, { failOn, version, checks }: SarifOptions): object => {
  const { findings } = report;
  const shown = ordered(findings, verbose);
  const titles = new Map(findings.map((f) => [f.check, f.title]));
  const ids = [...titles.keys()];
  const byId = new Map<string, Rule>(checks.map((c) => [c.id, c]));
  const before = new Map<string, number>();
  const fingerprint = (f: Failed): string => {
    const id = identity(f);
    const n = (before.get(id) ?? 0) + 1;
    before.set(id, n);
    return `${id} | ${n}`;
  };
  const code = exitCode(report, failOn);
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'netdoctor',
            version,
            rules: ids.map((id) => ruleOf(id, titles.get(id) ?? id, byId.get(id))),
            notifications: [
              { id: 'unknown', shortDescription: message('Something could not be judged') },
              { id: 'error', shortDescription: message('A check is broken, an error in netdoctor itself') },
              { id: 'unread', shortDescription: message('Something could not be read at all') },
            ],
          },
        },
        invocations: [
          {
            executionSuccessful: code !== 1,
            exitCode: code,
            exitCodeDescription: exits[code],
            startTimeUtc: report.startedAt,
            toolExecutionNotifications: notifications(report, (check) => ids.indexOf(check)),
          },
        ],
        results: shown.map((f) => ({
          ruleId: f.check,
          ruleIndex: ids.indexOf(f.check),
          kind: kinds[f.status],
          level: f.status === 'fail' ? levels[f.severity] : 'none',
          message: message(wordsOf(f)),
          locations: [sarifLocation(f.target, f.status === 'fail' ? f.evidence : null)],
          ...(f.status === 'fail' ? { partialFingerprints: { 'netdoctor/v1': fingerprint(f) } } : {}),
          suppressions: isSuppressed(f)
            ? [{ kind: 'external', status: 'accepted', justification: printable(f.suppressed.reason) }]
            : [],
          properties: bag(f),
        })),
        properties: { counts: countsOf(findings), context: report.context, durationMs: report.durationMs },
      },
    ],
  };
};

/**
 * SARIF 2.1.0. Problems and what could not be judged; with -v what passed and did not apply, too: GitHub's code scanning takes every result for an alert, whatever its
 * kind (https://github.com/microsoft/PSRule/issues/955).
 */
export const sarif = (options: SarifOptions): Reporter => ({
  id: 'sarif',
  render: (report, look) => jsonText(log(report, look, options)),
});
