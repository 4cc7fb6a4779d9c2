import { fact } from '../../core/fact.ts';

/** How Services are made to work on a node. `none`: nothing of kube-proxy there. */
export type KubeProxyMode = 'ipvs' | 'iptables' | 'nftables' | 'none';

/** The mode in use and where that was seen. */
export interface ProxyMode {
  readonly mode: KubeProxyMode;
  readonly source: string;
  /** With `none`: what replaces kube-proxy, where that was seen ("Cilium"). */
  readonly replacedBy: string | null;
  /** Without ipvs mode: virtual servers for NodePorts that are there all the same, left over from it. They work. */
  readonly leftoverServers: number;
}

/** The mode of the service proxy on this node. */
export const proxyMode = fact<ProxyMode>(
  'kube-proxy/mode',
  'node',
  "kube-proxy's mode on this node (ipvs, iptables, nftables or none) and where that was seen",
);
