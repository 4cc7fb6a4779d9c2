import { fact } from '../../core/fact.ts';
import type { KubernetesVersion } from '../../lib/kubernetes-version.ts';

/** Kubernetes' version on this node: kubelet's, or without the API that of the kube-proxy that runs there. */
export const nodeKubernetesVersion = fact<KubernetesVersion>(
  'node/kubernetes-version',
  'node',
  "Kubernetes' version on this node (kubelet's; without the API kube-proxy's)",
);
