import type { Evidence } from '../../core/check.ts';
import type { KubeProxyMode } from '../../facts/kube-proxy/mode.ts';
import type { ProxySync } from '../../facts/kube-proxy/sync.ts';
import type { NodeOs } from '../../facts/node/os.ts';
import type { KernelVersion } from '../../lib/kernel-version.ts';
import type { KubernetesVersion } from '../../lib/kubernetes-version.ts';

/** What a node runs, as far as it is known, and what was measured there. */
export interface Stack {
  readonly kubernetes: KubernetesVersion;
  readonly kernel: KernelVersion;
  readonly os: NodeOs;
  readonly mode: KubeProxyMode | null;
  readonly sync: ProxySync | null;
}

/** A combination that is known to be bad. */
export interface Combination {
  readonly id: string;
  /** "Kubernetes before 1.17 × a system whose iptables is nft only": the gate, printed. */
  readonly gate: string;
  readonly applies: (s: Stack) => boolean;
  /** Whether it may apply for all that is known, and something that was not read decides. */
  readonly unsure?: (s: Stack) => boolean;
  /** What goes wrong, in sentences. */
  readonly what: string;
  readonly remedy: string;
  readonly source: string;
  /** The fault itself, where it was measured on this node: then it is an error, not a note. */
  readonly measured: (s: Stack) => Evidence | null;
}
