import type { Finding } from '../core/finding.ts';
import type { Report, TargetSummary } from '../core/report.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Target } from '../core/target.ts';
import { printable } from '../lib/printable.ts';
import { allFindings } from './all-findings.ts';
import { type Canvas, canvas } from './canvas.ts';
import { header } from './header.ts';
import { nodeRows } from './node-rows.ts';
import { notJudged } from './not-judged.ts';
import { notRead } from './not-read.ts';
import { portSpace } from './port-space.ts';
import { problems } from './problems.ts';
import { summary } from './summary.ts';

/** Checks whose problems the picture of the port space makes plain. */
const pictured = new Set(['ports/nodeport-overlap', 'ports/nodeport-victims']);

const block = (lines: readonly string[]): readonly string[] => (lines.length > 0 ? ['', ...lines] : []);

const isOf =
  (target: Target) =>
  (f: Finding): boolean =>
    f.target.name === target.name && f.target.kind === target.kind;

const ofOne = (report: Report, target: TargetSummary, findings: readonly Finding[], c: Canvas): readonly string[] => {
  const picture =
    target.portSpace !== null && (c.verbose || findings.some((f) => f.status === 'fail' && pictured.has(f.check)));
  return [
    ...header(report, target, c),
    ...problems(findings, false, c),
    ...block(target.portSpace !== null && picture ? portSpace(target.portSpace, c) : []),
    ...block(c.verbose ? allFindings(findings, c) : []),
    ...block(notJudged(findings, false, c)),
    ...block(summary(findings, 0, c)),
  ];
};

const ofMany = (report: Report, c: Canvas): readonly string[] => {
  const { targets, findings } = report;
  const findingsOf = (t: TargetSummary): readonly Finding[] => findings.filter(isOf(t));
  const unread = targets.filter((t) => t.unread !== null && findingsOf(t).length === 0);
  return [
    ...header(report, null, c),
    ...problems(findings, true, c),
    ...(c.verbose
      ? targets.flatMap((t) => ['', c.paint('bold', printable(t.name)), ...allFindings(findingsOf(t), c)])
      : []),
    ...block(notJudged(findings, true, c)),
    ...block(notRead(unread, c)),
    ...block(nodeRows(targets, findingsOf, c)),
    ...block(summary(findings, unread.length, c)),
  ];
};

/**
 * For people at a terminal: who was looked at, the problems with their fixes, what else was judged. One node comes with the picture of its
 * ports; of several, what is the same on many is told once, and a row for each says how it fares.
 */
export const table: Reporter = {
  id: 'table',
  render: (report, look) => {
    const c = canvas(look);
    const [first, ...others] = report.targets;
    const lines =
      first && others.length === 0 && report.findings.every(isOf(first))
        ? ofOne(report, first, report.findings, c)
        : ofMany(report, c);
    return `${lines.join('\n')}\n`;
  },
};
