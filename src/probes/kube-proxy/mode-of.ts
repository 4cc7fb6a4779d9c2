import type { KubeProxyMode } from '../../facts/kube-proxy/mode.ts';

/** The mode that a word names; null for another word. */
export const modeOf = (text: string): KubeProxyMode | null => {
  const word = text.trim().toLowerCase();
  return word === 'ipvs' || word === 'iptables' || word === 'nftables' ? word : null;
};
