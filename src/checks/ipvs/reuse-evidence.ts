import type { Destinations } from '../../facts/ipvs/destinations.ts';
import type { End } from '../../facts/ipvs/suspects.ts';

const at = (e: End): string => `${e.ip}:${e.port}`;

/** What the tables show of it now, as sentences; empty where nothing. By themselves both are in order: pods drain, long connections stay. */
export const reuseScenarios = ({ draining, skewed }: Destinations): string => {
  const [drain] = draining.some;
  const [skew] = skewed;
  const zero =
    draining.count === 0 || !drain
      ? ''
      : ` Now ${draining.count} ${draining.count === 1 ? 'backend' : 'backends'} with weight 0 (${at(drain.backend)} of ${at(drain.virtual)}${draining.count > 1 ? ', …' : ''}) still ${draining.count === 1 ? 'has' : 'have'} ${draining.connections} connections.`;
  const uneven = skew
    ? ` Of the ${skew.backends} backends of ${at(skew.virtual)}, ${at(skew.busiest.backend)} has ${skew.busiest.connections} connections, ${at(skew.idlest.backend)} ${skew.idlest.connections}.`
    : '';
  return zero + uneven;
};

/** The same as rows of /proc/net/ip_vs. */
export const reuseEvidence = ({
  draining,
  skewed,
}: Destinations): { readonly source: string; readonly text: string }[] => [
  ...draining.some.slice(0, 3).map((d) => ({
    source: '/proc/net/ip_vs',
    text: `${d.protocol} ${at(d.virtual)} → ${at(d.backend)} weight 0, ActiveConn ${d.active}, InActConn ${d.inactive}`,
  })),
  ...skewed.slice(0, 3).map((s) => ({
    source: '/proc/net/ip_vs',
    text: `${s.protocol} ${at(s.virtual)}: ${at(s.busiest.backend)} ${s.busiest.connections}, ${at(s.idlest.backend)} ${s.idlest.connections} connections`,
  })),
];
