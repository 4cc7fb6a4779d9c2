import type { Report, TargetSummary } from '../core/report.ts';
import type { Canvas } from './canvas.ts';

const via: Readonly<Record<TargetSummary['via'], string>> = {
  'debug-pod': 'read by a debug pod',
  local: 'this machine, --local',
  bundle: 'from a bundle',
  'kube-api': 'not read, only the API was asked',
  none: 'not read',
};

const proxy = (mode: string | null): string =>
  mode === null ? 'mode not known' : mode === 'none' ? 'none' : `${mode} mode`;

const cluster = (context: Report['context']): string => {
  if (context === null) return 'not asked';
  if (context.name === null)
    return context.cluster === null ? context.server : `${context.cluster} (${context.server})`;
  return `${context.cluster ?? '-'} (context ${context.name}, ${context.server})`;
};

const when = (report: Report): string =>
  `${report.startedAt.replace(/\.\d+/, '')}, ${(report.durationMs / 1000).toFixed(1)} s`;

/** Who was looked at, how, and what it runs; what is not known is said as such. Without a target: of all nodes of the report. */
export const header = (report: Report, target: TargetSummary | null, c: Canvas): readonly string[] => {
  const { context } = report;
  const rows: readonly (readonly [string, string])[] = [
    target === null
      ? ['Nodes', `${report.targets.length} (${when(report)})`]
      : ['Node', `${target.name} (${via[target.via]}, ${when(report)})`],
    ['Cluster', cluster(context)],
    ...(target === null
      ? []
      : ([
          ['Kernel', target.kernel ?? 'not known'],
          ['Kube-proxy', proxy(target.kubeProxyMode)],
        ] as const)),
  ];
  return rows.flatMap(([label, value]) => {
    const first = `${label}:`.padEnd(12);
    return c.text(first, value).map((line, i) => (i === 0 ? c.paint('dim', first) + line.slice(first.length) : line));
  });
};
