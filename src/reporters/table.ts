import type { NodeSummary, PodSummary, Report } from '../core/report.ts';
import type { Reporter } from '../core/reporter.ts';
import { targetKey } from '../core/target.ts';
import { type Canvas, canvas } from './canvas.ts';
import { manifestsScreen } from './manifests-screen.ts';
import { nodeScreen } from './node-screen.ts';
import { nodesScreen } from './nodes-screen.ts';
import { podScreen } from './pod-screen.ts';
import { podsScreen } from './pods-screen.ts';

/** The only one, if there is just one. */
const only = <T>(things: readonly T[]): T | null => (things.length === 1 ? (things[0] ?? null) : null);

const screen = (report: Report, c: Canvas): readonly string[] => {
  const { targets, findings } = report;
  const nodes = targets.filter((t): t is NodeSummary => t.kind === 'node');
  const pods = targets.filter((t): t is PodSummary => t.kind === 'pod');
  const manifests = targets.filter((t) => t.kind === 'manifest');
  const keys = new Set(targets.map(targetKey));
  const isWhole = findings.every((f) => keys.has(targetKey(f.target)));
  if (manifests.length > 0 && manifests.length === targets.length) return manifestsScreen(report, manifests, c);
  if (nodes.length === targets.length) {
    const node = only(nodes);
    return node && isWhole ? nodeScreen(report, node, findings, c) : nodesScreen(report, nodes, c);
  }
  const pod = only(pods);
  return pod && isWhole && nodes.length <= 1 && manifests.length === 0
    ? podScreen(report, pod, only(nodes), c)
    : podsScreen(report, c);
};

/** For people at a terminal: who was looked at, the problems with their fixes, what else was judged; a screen for each kind of target, and for one or several. */
export const table: Reporter = {
  id: 'table',
  render: (report, look) => `${screen(report, canvas(look)).join('\n')}\n`,
};
