import type { ClusterIp } from '../../facts/services/cluster-ips.ts';

/** An address's family. */
type Family = 'ipv4' | 'ipv6';

/**
 * Families in which Services have to be served: that of default/kubernetes always, the other one where kube-proxy serves it too (it leaves out what
 * the node lacks). Without the API those that it serves; null where that is none.
 */
export const familiesToJudge = (
  wanted: readonly ClusterIp[] | null,
  served: ReadonlySet<Family>,
): readonly Family[] | null => {
  const familyOf = (c: ClusterIp): Family => (c.ip.includes(':') ? 'ipv6' : 'ipv4');
  const sure = wanted?.find((c) => c.service === 'default/kubernetes');
  const families = new Set<Family>([...(sure ? [familyOf(sure)] : []), ...served]);
  return families.size > 0 ? [...families].sort() : null;
};
