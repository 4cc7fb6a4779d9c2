import type { PodWays } from './reach-pods.ts';
import { reachAddress, reachResultText } from './reach-row-text.ts';
import type { ReachTable } from './reach-table.ts';
import type { ReachPattern } from './vip-patterns.ts';

/** The pods of one node or of all nodes do not answer: the ways there. */
export const wayPattern = (table: ReachTable, ways: PodWays): ReachPattern | null => {
  const [lost] = ways.lost;
  if (!lost) return null;
  const rows = ways.lost.flatMap((l) => l.rows);
  const names = ways.lost.map((l) => l.node);
  const which = rows
    .slice(0, 3)
    .map((n) => `${n.target?.pod ?? ''} at ${reachAddress(n.row)}: ${reachResultText(n.row)}`)
    .join('; ');
  const everywhere = ways.open.length === 0;
  const dns = table.of('dns-vip').filter((n) => !n.open);
  return {
    id: everywhere ? 'no-way-to-pods' : 'no-way-to-node',
    message: `No pod on ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more nodes` : ''} answers (${which}), ${
      everywhere ? 'and none on another node does' : `pods on ${ways.open.slice(0, 3).join(', ')} do`
    }: the ${everywhere ? 'ways from this node to the pods of others (routes, tunnel, firewall)' : `route or tunnel to ${names.length === 1 ? 'that node' : 'those nodes'}`} ${everywhere ? 'are broken' : 'is broken, or it is down'}. No NetworkPolicy explains it: ${lost.why}.${dns.length > 0 ? ' The DNS Service does not answer for that reason.' : ''}`,
    first: [...rows, ...dns],
    fix: {
      say: `Compare the route with that of a node that works (\`ip route get ${lost.rows[0]?.row.address ?? 'ADDRESS'}\`), then look at the CNI's agent on both nodes, its tunnel (\`ip -d link\`), and firewalls between the nodes for its protocol (VXLAN 8472 or 4789/UDP, Geneve 6081/UDP, IPIP, BGP). The agent's restart writes the routes again.`,
      risk: 'none',
      covers: 'Policies of other kinds than NetworkPolicy and security groups of pods, which were not read.',
    },
  };
};
