import type { NamedRow, ReachTable } from './reach-table.ts';

/** What the pods' rows say of the ways to other nodes. */
export interface PodWays {
  /** Nodes of whose pods none answers, and no NetworkPolicy explains it. */
  readonly lost: readonly { readonly node: string; readonly rows: readonly NamedRow[]; readonly why: string }[];
  /** Pods that do not answer for a reason that cannot be told. */
  readonly doubtful: readonly NamedRow[];
  /** Nodes of which some pod answers. */
  readonly open: readonly string[];
}

/** Why no policy keeps these from answering; null where one may. Other nodes' pods only are brothers: on one's own node no policy holds against the node. */
const notByPolicy = (
  rows: readonly NamedRow[],
  table: readonly NamedRow[],
  policies: readonly string[] | null,
): string | null => {
  const off = rows.find((n) => /network is unreachable/i.test(n.row.error));
  if (off) return `the kernel has no route to ${off.row.address}`;
  const brother = rows
    .map((n) =>
      table.find(
        (o) =>
          o.open &&
          o.row.kind === 'pod' &&
          o.target?.service === n.target?.service &&
          o.target?.node !== n.target?.node,
      ),
    )
    .find((o) => o);
  if (brother?.target)
    return `${brother.target.pod} of the same Service ${brother.target.service} answers on ${brother.target.node}`;
  if (policies === null) return null;
  const free = rows.find((n) => !policies.includes(n.target?.service.split('/')[0] ?? ''));
  return free ? `namespace ${free.target?.service.split('/')[0]} has no NetworkPolicy` : null;
};

/**
 * A pod alone may be kept from answering by a NetworkPolicy, or be sick itself. Two pods of a node, and none that answers, are lost with their
 * node where at least one of them has a brother that answers elsewhere, or no policy over it; without a route one is enough. `policies`: the
 * namespaces that have NetworkPolicies; null where they are not known, or are not all there is.
 */
export const podWays = (table: ReachTable, policies: readonly string[] | null): PodWays => {
  const pods = table.of('pod', 'dns-pod').filter((n) => n.row.protocol === 'TCP' && n.target?.node);
  const byNode = Map.groupBy(pods, (n) => n.target?.node ?? '');
  const lost: { node: string; rows: readonly NamedRow[]; why: string }[] = [];
  const doubtful: NamedRow[] = [];
  const open: string[] = [];
  for (const [node, rows] of byNode) {
    const bad = rows.filter((n) => !n.open);
    if (bad.length < rows.length) open.push(node);
    if (bad.length === 0) continue;
    const why = bad.length === rows.length ? notByPolicy(bad, pods, policies) : null;
    const enough = new Set(bad.map((n) => n.row.address)).size > 1 || why?.startsWith('the kernel has no route');
    if (why && enough) lost.push({ node, rows: bad, why });
    else doubtful.push(...bad);
  }
  return { lost, doubtful, open };
};
