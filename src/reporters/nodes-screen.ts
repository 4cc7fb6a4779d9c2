import type { NodeSummary, Report } from '../core/report.ts';
import { targetText } from '../core/target.ts';
import { block } from './block.ts';
import { byTarget } from './by-target.ts';
import type { Canvas } from './canvas.ts';
import { header } from './header.ts';
import { listed } from './listed.ts';
import { nodeRows } from './node-rows.ts';
import { notJudged } from './not-judged.ts';
import { notRead } from './not-read.ts';
import { problems } from './problems.ts';
import { summary } from './summary.ts';

/** Several nodes: what is the same on many is told once, and a row for each says how it fares. */
export const nodesScreen = (report: Report, nodes: readonly NodeSummary[], c: Canvas): readonly string[] => {
  const { targets, findings } = report;
  const findingsOf = byTarget(findings);
  const unread = nodes.filter((t) => t.unread !== null && findingsOf(t).length === 0);
  return [
    ...header(report, null, c),
    ...problems(targetText, c)(findings),
    ...listed(targets, findingsOf, c),
    ...block(notJudged(findings, targetText, c)),
    ...block(notRead(unread, targetText, c)),
    ...block(nodeRows(nodes, findingsOf, c)),
    ...block(summary(findings, unread, c)),
  ];
};
