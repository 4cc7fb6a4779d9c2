import { fact } from '../../core/fact.ts';

/** A Service and its cluster addresses, of both families. */
export interface ClusterIp {
  readonly service: string;
  readonly ips: readonly string[];
}

/** All Services with a cluster address; `service` is namespace/name. */
export const clusterIps = fact<readonly ClusterIp[]>(
  'services/cluster-ips',
  'cluster',
  'Services and their cluster addresses (VIPs)',
);
