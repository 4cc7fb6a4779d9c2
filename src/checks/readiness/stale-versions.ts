import type { KubernetesVersion } from '../../lib/kubernetes-version.ts';

/**
 * What is known of this kubelet and pods that stay Ready=False, as a sentence that begins with a blank; facts L.1.
 * #77661 (1.15.0) kept the kubelet from noticing that its pods' status was changed; #84931, fixed by #84951 (1.15.8, 1.16.5, 1.17.1, 1.18.0). Before 1.20 (and its
 * backports) a dead HTTP/2 connection was not noticed, so that the kubelet heard of nothing (#87615).
 */
export const staleVersions = (v: KubernetesVersion | null): string => {
  if (v === null || v.major !== 1) return '';
  const fixedIn: Readonly<Record<number, number>> = { 15: 8, 16: 5, 17: 1 };
  const fixed = fixedIn[v.minor];
  if (fixed !== undefined && v.patch < fixed)
    return ` Kubelet ${v.text} has the bug for it (kubernetes#84931): it is mended in 1.15.8, 1.16.5, 1.17.1 and 1.18.`;
  if (v.minor < 20)
    return ` Kubelet ${v.text} may not notice that its connection to the API server is dead (kubernetes#87615): that is mended in 1.20 and in late patches of 1.18 and 1.19.`;
  return ` Kubelet ${v.text} is not one with a known bug for it: its connection to the API server, or somebody who writes the status of pods, is to be looked at.`;
};

/** What a restart of this kubelet costs the pods of its node (KEP-4781, gate ChangeContainerStatusOnKubeletRestart), as a clause. */
export const kubeletRestartCost = (v: KubernetesVersion | null): string => {
  if (v === null) return 'before Kubernetes 1.35 all its pods become not ready until their probes pass again';
  if (v.major > 1 || v.minor >= 35) return 'its pods keep their readiness meanwhile (1.35 and newer)';
  return `with ${v.text} all its pods become not ready until their probes pass again`;
};
