import type { Finding } from '../core/finding.ts';
import type { NodeSummary, PodSummary, Report } from '../core/report.ts';
import type { Canvas } from './canvas.ts';
import { clusterText } from './cluster-text.ts';
import { headerRows } from './header-rows.ts';
import { podState } from './pod-state.ts';
import { verdict } from './verdict.ts';
import { when } from './when.ts';

const via: Readonly<Record<PodSummary['via'], string>> = {
  'debug-pod': 'read by a debug pod',
  local: 'this machine, --local',
  bundle: 'from a bundle',
  'kube-api': 'only the API was asked',
  none: 'not read',
};

const nodeText = (pod: PodSummary, node: NodeSummary | null, ofNode: readonly Finding[], c: Canvas): string => {
  if (pod.node === null) return 'none: it is not scheduled';
  const known = [
    ...(node?.kernel ? [`kernel ${node.kernel}`] : []),
    ...(node?.kubeProxyMode ? [node.kubeProxyMode === 'none' ? 'no kube-proxy' : `${node.kubeProxyMode} mode`] : []),
  ];
  if (node?.unread) return `${pod.node}${known.length > 0 ? ` (${known.join(', ')})` : ''}, not read: ${node.unread}`;
  if (pod.unread) return `${pod.node}, not read: ${pod.unread}`;
  const said = ofNode.length > 0 ? `: ${verdict(ofNode, 0, c).text}` : '';
  return `${pod.node}${known.length > 0 ? ` (${known.join(', ')})` : ''}${said}`;
};

/** Which pod was looked at, how, where it runs, whose it is and how it fares. `node`: what is known of its node, and `ofNode`: what was found there. */
export const podHeader = (
  report: Report,
  pod: PodSummary,
  node: NodeSummary | null,
  ofNode: readonly Finding[],
  c: Canvas,
): readonly string[] => {
  const [ready, all] = pod.readyContainers;
  return headerRows(
    [
      ['Pod', `${pod.namespace}/${pod.name} (${via[pod.via]}, ${when(report)})`],
      ['Cluster', clusterText(report.context)],
      ['Node', nodeText(pod, node, ofNode, c)],
      ['Workload', pod.workload ?? 'none: a pod of its own'],
      [
        'Status',
        `${podState(pod)}, ${ready}/${all} containers ready${pod.ready === false && ready === all ? ', but the pod is not (Ready=False)' : ''}`,
      ],
    ],
    c,
  );
};
