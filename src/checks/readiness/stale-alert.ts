import type { Example } from '../../core/check.ts';

/** The alert that would have told it (incident I4.4; kube-state-metrics, which sees no readiness gates). */
export const staleAlert: Example = {
  about: 'an alert for Prometheus with kube-state-metrics (pods with readiness gates may be excepted by their labels)',
  text: [
    '- alert: PodReadyConditionStale',
    '  expr: |',
    '    (max by (namespace,pod) (kube_pod_status_ready{condition="true"}) == 0)',
    '    and on (namespace,pod) (min by (namespace,pod) (kube_pod_container_status_ready) == 1)',
    '    and on (namespace,pod) (max by (namespace,pod) (kube_pod_status_phase{phase="Running"}) == 1)',
    '    unless on (namespace,pod) (kube_pod_deletion_timestamp > 0)',
    '  for: 5m',
    '  annotations:',
    '    summary: "{{ $labels.namespace }}/{{ $labels.pod }}: all containers are ready, the pod is not"',
  ].join('\n'),
};
