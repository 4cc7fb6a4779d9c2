import { fact } from '../../core/fact.ts';

/** An address that kube-proxy has to serve on every node. */
export interface ClusterIp {
  readonly ip: string;
  /** namespace/name of its Service. */
  readonly service: string;
  /** Since the Service was made, by the server's clock; null where that is not known. */
  readonly ageSeconds: number | null;
}

/** Addresses of Services but headless ones, ExternalName, and those that a label gives to another proxy than kube-proxy. */
export const clusterIps = fact<readonly ClusterIp[]>(
  'services/cluster-ips',
  'cluster',
  'the cluster IPs of Services that kube-proxy has to serve',
);
