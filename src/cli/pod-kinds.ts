import type { PodRef } from '../app/request.ts';

/** A kind as kubectl lets it be named, and the API group that it is of. */
interface PodKind {
  readonly words: readonly string[];
  readonly group: string;
}

/** What has pods, or is one. */
export const podKinds: Readonly<Record<PodRef['kind'], PodKind>> = {
  pod: { words: ['po', 'pod', 'pods'], group: '' },
  deployment: { words: ['deploy', 'deployment', 'deployments'], group: 'apps' },
  statefulset: { words: ['sts', 'statefulset', 'statefulsets'], group: 'apps' },
  daemonset: { words: ['ds', 'daemonset', 'daemonsets'], group: 'apps' },
  replicaset: { words: ['rs', 'replicaset', 'replicasets'], group: 'apps' },
  job: { words: ['job', 'jobs'], group: 'batch' },
  service: { words: ['svc', 'service', 'services'], group: '' },
};
