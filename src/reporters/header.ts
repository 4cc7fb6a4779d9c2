import type { NodeSummary, Report } from '../core/report.ts';
import type { Canvas } from './canvas.ts';
import { clusterText } from './cluster-text.ts';
import { headerRows } from './header-rows.ts';
import { when } from './when.ts';

const via: Readonly<Record<NodeSummary['via'], string>> = {
  'debug-pod': 'read by a debug pod',
  local: 'this machine, --local',
  bundle: 'from a bundle',
  'kube-api': 'not read, only the API was asked',
  none: 'not read',
};

const proxy = (mode: string | null): string =>
  mode === null ? 'mode not known' : mode === 'none' ? 'none' : `${mode} mode`;

/** Which node was looked at, how, and what it runs; what is not known is said as such. Without a node: of all nodes of the report. */
export const header = (report: Report, node: NodeSummary | null, c: Canvas): readonly string[] =>
  headerRows(
    [
      node === null
        ? ['Nodes', `${report.targets.length} (${when(report)})`]
        : ['Node', `${node.name} (${via[node.via]}, ${when(report)})`],
      ['Cluster', clusterText(report.context)],
      ...(node === null
        ? []
        : ([
            ['Kernel', node.kernel ?? 'not known'],
            ['Kube-proxy', proxy(node.kubeProxyMode)],
          ] as const)),
    ],
    c,
  );
