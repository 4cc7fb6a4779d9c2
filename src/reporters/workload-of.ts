import type { PodSummary } from '../core/report.ts';

/** The workload of a pod with its namespace, "Deployment shop/web"; null for a pod of its own. */
export const workloadOf = (pod: PodSummary): string | null => {
  if (pod.workload === null) return null;
  const slash = pod.workload.indexOf('/');
  return `${pod.workload.slice(0, Math.max(0, slash))} ${pod.namespace}/${pod.workload.slice(slash + 1)}`.trimStart();
};
