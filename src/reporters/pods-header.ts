import type { PodSummary, Report } from '../core/report.ts';
import type { Canvas } from './canvas.ts';
import { clusterText } from './cluster-text.ts';
import { headerRows } from './header-rows.ts';
import { when } from './when.ts';
import { workloadOf } from './workload-of.ts';

/** How many pods were looked at, on how many nodes, and of which workload if they are all of one. */
export const podsHeader = (report: Report, pods: readonly PodSummary[], c: Canvas): readonly string[] => {
  const nodes = new Set(pods.flatMap((p) => p.node ?? [])).size;
  const on = nodes === 0 ? '' : nodes === 1 ? ' on one node' : ` on ${nodes} nodes`;
  const workloads = new Set(pods.map(workloadOf));
  const [workload] = workloads;
  return headerRows(
    [
      ['Pods', `${pods.length}${on} (${when(report)})`],
      ['Cluster', clusterText(report.context)],
      ...(workloads.size === 1 && workload ? ([['Workload', workload]] as const) : []),
    ],
    c,
  );
};
