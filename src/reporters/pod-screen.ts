import type { NodeSummary, PodSummary, Report } from '../core/report.ts';
import { block } from './block.ts';
import { byTarget } from './by-target.ts';
import type { Canvas } from './canvas.ts';
import { listed } from './listed.ts';
import { notJudged } from './not-judged.ts';
import { notRead } from './not-read.ts';
import { pictured } from './pictured.ts';
import { place } from './place.ts';
import { podEnd } from './pod-end.ts';
import { podHeader } from './pod-header.ts';
import { problems } from './problems.ts';
import { summary } from './summary.ts';
import type { Where } from './where.ts';

/**
 * One pod, and its node if that was looked at: the problems, then how the pod ends; what is said without a place is of the pod. A healthy node
 * takes no line but its own in the header.
 */
export const podScreen = (report: Report, pod: PodSummary, node: NodeSummary | null, c: Canvas): readonly string[] => {
  const { targets, findings } = report;
  const findingsOf = byTarget(findings);
  const where: Where = (t) => (t.kind === 'pod' ? null : place(t));
  const unread = [pod, ...(node ? [node] : [])].filter((t) => t.unread !== null && findingsOf(t).length === 0);
  return [
    ...podHeader(report, pod, node, node ? findingsOf(node) : [], c),
    ...problems(where, c)(findings),
    ...podEnd(pod, findingsOf(pod), c).flatMap(block),
    ...block(node ? pictured(node, findingsOf(node), c) : []),
    ...listed(targets, findingsOf, c),
    ...block(notJudged(findings, where, c)),
    ...block(notRead(unread, place, c)),
    ...block(summary(findings, unread, c)),
  ];
};
