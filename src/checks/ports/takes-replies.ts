import type { ProxyMode } from '../../facts/kube-proxy/mode.ts';

/**
 * Data planes that look a packet's destination up before the host's own sockets get it, replies included (facts A.1): IPVS, also what is
 * left of it after a change of mode, and Cilium.
 */
export const takesReplies = (p: ProxyMode): boolean =>
  p.mode === 'ipvs' || p.leftoverServers > 0 || p.replacedBy === 'Cilium';
