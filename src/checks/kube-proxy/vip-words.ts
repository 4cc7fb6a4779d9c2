import type { ClusterIp } from '../../facts/services/cluster-ips.ts';

/** "10.96.0.1 (default/kubernetes) and 4 more". */
export const vipWords = (vips: readonly ClusterIp[]): string => {
  const named = vips.slice(0, 3).map((v) => `${v.ip} (${v.service})`);
  return `${named.join(', ')}${vips.length > 3 ? ` and ${vips.length - 3} more` : ''}`;
};
