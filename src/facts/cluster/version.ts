import { fact } from '../../core/fact.ts';
import type { KubernetesVersion } from '../../lib/kubernetes-version.ts';

/** The API server's version. */
export const clusterVersion = fact<KubernetesVersion>('cluster/version', 'cluster', "the API server's version");
