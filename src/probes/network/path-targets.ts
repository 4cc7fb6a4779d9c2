import type { NodeAddress } from '../../facts/cluster/node-addresses.ts';
import type { ReachTarget } from '../../facts/services/reach-targets.ts';

/** At most so many nodes, and pods, one of a node. */
const most = 3;

/** From those behind it by their names on, round about, so that several nodes together cover the cluster. */
const ring = <T extends { readonly node: string }>(all: readonly T[], node: string): readonly T[] => {
  const sorted = all.filter((t) => t.node !== node).sort((a, b) => (a.node < b.node ? -1 : 1));
  return [...sorted.filter((t) => t.node > node), ...sorted.filter((t) => t.node < node)];
};

/** Where one node pings to, as words `kind,name,node,address`: three other nodes, and a pod on each of three. */
export const pathTargets = (nodes: readonly NodeAddress[], reach: readonly ReachTarget[], node: string): string => {
  const hosts = new Set(nodes.map((n) => n.ip));
  const pods = new Map<string, { readonly node: string; readonly name: string; readonly ip: string }>();
  for (const kind of ['pod', 'dns-pod'])
    for (const t of reach) {
      if (t.kind !== kind || t.pod === null || t.node === null || hosts.has(t.ip) || pods.has(t.node)) continue;
      pods.set(t.node, { node: t.node, name: t.pod, ip: t.ip });
    }
  return [
    ...ring(nodes, node)
      .slice(0, most)
      .map((n) => `node,${n.node},${n.node},${n.ip}`),
    ...ring([...pods.values()], node)
      .slice(0, most)
      .map((p) => `pod,${p.name},${p.node},${p.ip}`),
  ].join(' ');
};
