import type { Finding } from '../core/finding.ts';
import type { NodeSummary, Report } from '../core/report.ts';
import { allFindings } from './all-findings.ts';
import { block } from './block.ts';
import type { Canvas } from './canvas.ts';
import { header } from './header.ts';
import { notJudged } from './not-judged.ts';
import { pictured } from './pictured.ts';
import { problems } from './problems.ts';
import { summary } from './summary.ts';

/** One node: its problems with their fixes, the picture of its ports, what else was judged. */
export const nodeScreen = (
  report: Report,
  node: NodeSummary,
  findings: readonly Finding[],
  c: Canvas,
): readonly string[] => {
  const where = (): null => null;
  return [
    ...header(report, node, c),
    ...problems(where, c)(findings),
    ...block(pictured(node, findings, c)),
    ...block(c.verbose ? allFindings(findings, c) : []),
    ...block(notJudged(findings, where, c)),
    ...block(summary(findings, [], c)),
  ];
};
