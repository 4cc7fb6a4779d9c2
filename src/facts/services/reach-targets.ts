import { fact } from '../../core/fact.ts';

/** What an address stands for; `kubelet` is the node's own. */
export type ReachKind = 'api-vip' | 'api-endpoint' | 'dns-vip' | 'dns-pod' | 'pod' | 'kubelet';

/** An address that must answer from every node. */
export interface ReachTarget {
  readonly kind: ReachKind;
  readonly protocol: 'TCP' | 'UDP';
  readonly ip: string;
  readonly port: number;
  /** namespace/name of the Service that it is, or that it stands behind. */
  readonly service: string;
  /** namespace/name of the pod; null for all else. */
  readonly pod: string | null;
  /** The pod's node; null for all else. */
  readonly node: string | null;
}

/** Services default/kubernetes and the cluster's DNS with what is behind them, and of every node at most two more ready pods. */
export const reachTargets = fact<readonly ReachTarget[]>(
  'services/reach-targets',
  'cluster',
  "the addresses of the API server's and the DNS Service, what is behind them, and some pods of every node",
);
