import type { ClusterIp } from '../../facts/services/cluster-ips.ts';

/** kube-proxy has had time by then, and a Service of this age is hardly deleted just while we look. */
const oldEnoughSeconds = 300;

/** Those of the addresses that are not served although their Services are there for minutes; null where the API was not asked. */
export const absentVips = (wanted: readonly ClusterIp[] | null, served: readonly string[]): readonly ClusterIp[] => {
  const has = new Set(served);
  return (wanted ?? []).filter((c) => !has.has(c.ip) && (c.ageSeconds === null || c.ageSeconds >= oldEnoughSeconds));
};
