import type { Evidence } from '../../core/check.ts';

/** Something that kube-proxy should have made, and that is not there. */
export interface Lack {
  readonly id: string;
  /** A clause: "the ipset KUBE-CLUSTER-IP is missing". */
  readonly text: string;
  readonly evidence: Evidence;
  /** It was seen in iptables, so a backend that could not be read may have it after all. */
  readonly inIptables: boolean;
}
