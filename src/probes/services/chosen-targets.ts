import type { ReachTarget } from '../../facts/services/reach-targets.ts';

/** At most so many of a kind; the pods of this many other nodes. */
const most = { 'api-vip': 2, 'api-endpoint': 5, 'dns-vip': 4, 'dns-pod': 8, kubelet: 1, nodes: 10 } as const;

/**
 * What one node tries: of the pods those of the ten nodes that come next by their names, so that several nodes together cover the cluster.
 * With few of the DNS pods, each with all its ports.
 */
export const chosenTargets = (all: readonly ReachTarget[], node: string): readonly ReachTarget[] => {
  const some = (kind: 'api-vip' | 'api-endpoint' | 'dns-vip' | 'dns-pod') =>
    all
      .filter((t) => t.kind === kind)
      .sort((a, b) => (a.ip === b.ip ? a.port - b.port : a.ip < b.ip ? -1 : 1))
      .slice(0, most[kind]);
  const pods = all.filter((t) => t.kind === 'pod' && t.node !== node);
  const names = [...new Set(pods.map((t) => t.node ?? ''))].sort();
  const later = names.filter((n) => n > node);
  const ring = [...later, ...names.filter((n) => n < node)].slice(0, most.nodes);
  return [
    ...some('api-vip'),
    ...some('api-endpoint'),
    ...some('dns-vip'),
    ...some('dns-pod'),
    ...ring.flatMap((n) => pods.filter((t) => t.node === n)),
  ];
};
