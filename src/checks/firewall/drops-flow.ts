import type { PortRange } from '../../core/report.ts';
import type { DropRule } from '../../facts/firewall/drop-rules.ts';
import type { Unanswered } from '../../facts/sockets/unanswered.ts';
import { cidrsOverlap } from '../../lib/cidrs-overlap.ts';
import { inRanges } from '../../lib/port-ranges.ts';

const isHost = (network: string): boolean => /(^[\d.]+\/32|:.*\/128)$/.test(network);

/** Whether the connection comes by the chain: out of the node, through it, or into it. Of other chains that is not known. */
const comesBy = (chain: string, flow: Unanswered, fromNode: boolean): boolean | null => {
  // who connects to an address of its own has it as source too
  const stays = flow.source.ip === flow.destination.ip || /^(127\.|::1$)/.test(flow.destination.ip);
  if (chain === 'OUTPUT') return fromNode;
  if (chain === 'FORWARD') return !fromNode && !stays;
  return chain === 'INPUT' && stays && fromNode ? true : null;
};

/**
 * Whether the rule certainly drops the first packet of this connection: it asks for nothing that is not known here, all that it asks for is so, and it asks
 * for one host, or for a port in a chain that the connection comes by (at port 443 of INPUT the world knocks, while the node waits for a server elsewhere).
 * A rejected connection ends at once and is not seen. `node`: the node's own network namespace.
 */
export const dropsFlow = ({ match, family, chain }: DropRule, flow: Unanswered, node: string): boolean => {
  if (match?.verdict !== 'DROP' || match.other || match.mark !== null) return false;
  const comes = comesBy(chain, flow, flow.space === node);
  const oneHost = match.destination?.every(isHost) ?? false;
  if (comes === false || (!oneHost && (match.destinationPorts === null || comes === null))) return false;
  if (match.protocol !== null && !/^(tcp|6)$/.test(match.protocol)) return false;
  if (match.states !== null && !match.states.includes('NEW')) return false;
  const six = flow.destination.ip.includes(':');
  if (family !== (six ? 'ip6' : 'ip') && family !== 'inet') return false;
  const within = (list: readonly string[] | null, address: string): boolean =>
    list === null || list.some((c) => cidrsOverlap(c, address));
  const among = (list: readonly PortRange[] | null, port: number): boolean => list === null || inRanges(port, list);
  return (
    within(match.source, flow.source.ip) &&
    within(match.destination, flow.destination.ip) &&
    among(match.sourcePorts, flow.source.port) &&
    among(match.destinationPorts, flow.destination.port)
  );
};
