import { fact } from '../../core/fact.ts';
import type { KubeProxyMode } from './mode.ts';

/** What kube-proxy was told to do, which is not always what it does: old versions fall back to iptables mode. */
export interface ConfiguredMode {
  readonly mode: KubeProxyMode;
  /** Where it stands. */
  readonly source: string;
}

/** The mode in kube-proxy's flags or file, or in kubeadm's ConfigMap. Null where no kube-proxy of its own runs and no ConfigMap names one (k3s). */
export const configuredMode = fact<ConfiguredMode | null>(
  'kube-proxy/configured-mode',
  'node',
  "the mode that kube-proxy's flags, file or ConfigMap name",
);
