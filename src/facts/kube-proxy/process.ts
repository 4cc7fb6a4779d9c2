import { fact } from '../../core/fact.ts';

/** The process that is kube-proxy, or has it inside (k3s, kubelite, hyperkube). */
export interface KubeProxyProcess {
  readonly pid: number;
  /** Its comm. */
  readonly name: string;
  readonly ageSeconds: number;
  /** What runs it, by its cgroup: a pod, or a systemd unit ("k3s.service"); null where neither is seen. */
  readonly runBy: { readonly kind: 'pod' } | { readonly kind: 'unit'; readonly unit: string } | null;
  /** "v1.34.4", by its metrics (kubernetes_build_info); null where these do not answer. */
  readonly version: string | null;
}

/** Null where none runs in the node's network namespace. */
export const kubeProxyProcess = fact<KubeProxyProcess | null>(
  'kube-proxy/process',
  'node',
  "kube-proxy's process: its age, what runs it, its version",
);
