import { severities } from '../core/check.ts';
import { type Finding, isProblem } from '../core/finding.ts';
import type { ManifestSummary, NodeSummary, PodSummary, Report } from '../core/report.ts';
import { targetText } from '../core/target.ts';
import { block } from './block.ts';
import { byTarget } from './by-target.ts';
import type { Canvas } from './canvas.ts';
import { fileRows } from './file-rows.ts';
import { listed } from './listed.ts';
import { nodeRows } from './node-rows.ts';
import { notJudged } from './not-judged.ts';
import { notRead } from './not-read.ts';
import { place } from './place.ts';
import { podEnd } from './pod-end.ts';
import { podRows } from './pod-rows.ts';
import { podsHeader } from './pods-header.ts';
import { problems } from './problems.ts';
import { summary } from './summary.ts';
import { workloadOf } from './workload-of.ts';

const mostInFull = 3;
const mostEnds = 5;

/** How grave the shutdown problems among these are; -1: there is none. */
const gravity = (findings: readonly Finding[]): number =>
  Math.max(
    -1,
    ...findings.map((f) => (isProblem(f) && f.check.startsWith('shutdown/') ? severities.indexOf(f.severity) : -1)),
  );

/** How the pods end, once for each workload whose shutdown has more than notes (with -v: of each), by the pod that fares worst; the gravest first. */
const ends = (
  pods: readonly PodSummary[],
  findingsOf: (pod: PodSummary) => readonly Finding[],
  c: Canvas,
): readonly string[] => {
  const workloads = [...Map.groupBy(pods, (p) => workloadOf(p) ?? targetText(p)).values()].flatMap((all) => {
    const [worst] = all.toSorted((a, b) => gravity(findingsOf(b)) - gravity(findingsOf(a)));
    return worst ? [{ worst, all, grave: gravity(findingsOf(worst)) }] : [];
  });
  const asked = workloads
    .filter(({ grave }) => c.verbose || grave > severities.indexOf('info'))
    .toSorted((a, b) => b.grave - a.grave);
  const shown = c.verbose ? asked : asked.slice(0, mostEnds);
  return [
    ...shown.flatMap(({ worst, all }) => {
      const blocks = podEnd(worst, findingsOf(worst), c);
      const workload = workloadOf(worst);
      const name = workload === null ? targetText(worst) : `${workload}, as in pod ${worst.name}`;
      const heading = `${name}${all.length > 1 ? `, one of ${all.length}` : ''}`;
      return blocks.length === 0
        ? []
        : [
            ...block(c.text('', heading).map((line) => c.paint('bold', line))),
            ...blocks.flatMap((b, i) => (i === 0 ? b : block(b))),
          ];
    }),
    ...block(asked.length > shown.length ? [`${c.signs.more} how ${asked.length - shown.length} more end (-v)`] : []),
  ];
};

/**
 * Several pods with their nodes: what is the same on many is told once; how a workload's pods end, where that has problems; a row for each pod,
 * and for each node where something is not well (with -v for each).
 */
export const podsScreen = (report: Report, c: Canvas): readonly string[] => {
  const { targets, findings } = report;
  const findingsOf = byTarget(findings);
  const pods = targets.filter((t): t is PodSummary => t.kind === 'pod');
  const nodes = targets.filter((t): t is NodeSummary => t.kind === 'node');
  const manifests = targets.filter((t): t is ManifestSummary => t.kind === 'manifest');
  const unread = [...pods, ...nodes].filter((t) => t.unread !== null && findingsOf(t).length === 0);
  const isWell = (n: NodeSummary): boolean =>
    n.unread === null && findingsOf(n).every((f) => !isProblem(f) && f.status !== 'unknown' && f.status !== 'error');
  const unwell = nodes.filter((n) => c.verbose || !isWell(n));
  return [
    ...podsHeader(report, pods, c),
    ...problems(place, c, () => mostInFull)(findings),
    ...ends(pods, findingsOf, c),
    ...listed(targets, findingsOf, c),
    ...block(notJudged(findings, place, c)),
    ...block(notRead(unread, place, c)),
    ...block(podRows(pods, findingsOf, c)),
    ...block(unwell.length > 0 ? nodeRows(unwell, findingsOf, c) : []),
    ...block(fileRows(manifests, findingsOf, c)),
    ...block(summary(findings, unread, c)),
  ];
};
