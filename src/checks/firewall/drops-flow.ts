import type { PortRange } from '../../core/report.ts';
import type { DropRule } from '../../facts/firewall/drop-rules.ts';
import type { Unanswered } from '../../facts/sockets/unanswered.ts';
import { cidrsOverlap } from '../../lib/cidrs-overlap.ts';
import { inRanges } from '../../lib/port-ranges.ts';

/**
 * Whether the rule certainly drops the first packet of this connection: it asks for a destination address or port, for nothing that is not known here, and
 * all that it asks for is so. A rejected connection ends at once and is not seen.
 */
export const dropsFlow = ({ match, family }: DropRule, flow: Unanswered): boolean => {
  if (match?.verdict !== 'DROP' || match.other || match.mark !== null) return false;
  if (match.destination === null && match.destinationPorts === null) return false;
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
