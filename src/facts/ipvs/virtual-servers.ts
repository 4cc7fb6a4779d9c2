import { fact } from '../../core/fact.ts';

/** The ports of IPVS virtual servers. */
export interface VirtualServers {
  /** How many virtual servers there are. */
  readonly count: number;
  /** Ports with a virtual server on an address of the node itself (not of kube-ipvs0): NodePorts. Null where addresses could not be read. */
  readonly nodePorts: readonly { readonly protocol: 'TCP' | 'UDP' | 'SCTP'; readonly port: number }[] | null;
}

/** What /proc/net/ip_vs holds; count 0 also where the kernel has no IPVS loaded. */
export const virtualServers = fact<VirtualServers>(
  'ipvs/virtual-servers',
  'node',
  'IPVS virtual servers of the node (/proc/net/ip_vs)',
);
