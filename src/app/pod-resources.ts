import type { PodRef } from './request.ts';

/** Where objects of a kind are listed (`{scope}`: see Place), and how kubectl calls them. */
export const podResources: Readonly<Record<PodRef['kind'], { readonly path: string; readonly name: string }>> = {
  pod: { path: 'api/v1/{scope}pods', name: 'pods' },
  deployment: { path: 'apis/apps/v1/{scope}deployments', name: 'deployments.apps' },
  statefulset: { path: 'apis/apps/v1/{scope}statefulsets', name: 'statefulsets.apps' },
  daemonset: { path: 'apis/apps/v1/{scope}daemonsets', name: 'daemonsets.apps' },
  replicaset: { path: 'apis/apps/v1/{scope}replicasets', name: 'replicasets.apps' },
  job: { path: 'apis/batch/v1/{scope}jobs', name: 'jobs.batch' },
  service: { path: 'api/v1/{scope}services', name: 'services' },
};
