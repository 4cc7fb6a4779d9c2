import { fact } from '../../core/fact.ts';

/** The ipset of Service addresses of one family. */
export interface ClusterIpSet {
  readonly family: 'ipv4' | 'ipv6';
  /** KUBE-CLUSTER-IP, KUBE-6-CLUSTER-IP. */
  readonly name: string;
  /** Its distinct addresses; null where there is no such set. */
  readonly ips: readonly string[] | null;
}

/** kube-proxy's ipsets in ipvs mode: who goes from or to one of these addresses may need masquerading (facts I). */
export const clusterIpSets = fact<readonly ClusterIpSet[]>(
  'ipvs/cluster-ip-sets',
  'node',
  'the ipsets KUBE-CLUSTER-IP and KUBE-6-CLUSTER-IP, which tell kube-proxy in ipvs mode what to masquerade',
);
