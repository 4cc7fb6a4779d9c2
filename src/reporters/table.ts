import type { Finding } from '../core/finding.ts';
import type { Report, TargetSummary } from '../core/report.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Target } from '../core/target.ts';
import { allFindings } from './all-findings.ts';
import { type Canvas, canvas } from './canvas.ts';
import { header } from './header.ts';
import { notJudged } from './not-judged.ts';
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

const section = (report: Report, target: TargetSummary, findings: readonly Finding[], c: Canvas): readonly string[] => {
  const picture =
    target.portSpace !== null && (c.verbose || findings.some((f) => f.status === 'fail' && pictured.has(f.check)));
  return [
    ...header(report, target, c),
    ...problems(findings, c),
    ...block(target.portSpace !== null && picture ? portSpace(target.portSpace, c) : []),
    ...block(c.verbose ? allFindings(findings, c) : []),
    ...block(notJudged(findings, c)),
    ...block(summary(findings, c)),
  ];
};

/** For people at a terminal: who was looked at, the problems with their fixes, the port space, what else was judged. */
export const table: Reporter = {
  id: 'table',
  render: (report, look) => {
    const c = canvas(look);
    const sections = report.targets.map((t) => section(report, t, report.findings.filter(isOf(t)), c));
    const stray = report.findings.filter((f) => !report.targets.some((t) => isOf(t)(f)));
    if (stray.length > 0)
      sections.push([...problems(stray, c), ...block(notJudged(stray, c)), ...block(summary(stray, c))]);
    return `${sections.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines])).join('\n')}\n`;
  },
};
