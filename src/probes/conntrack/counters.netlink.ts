import { known, type Reading } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type ConntrackCounters, conntrackCounters } from '../../facts/conntrack/counters.ts';
import { statsOf } from './stats-of.ts';
import { conntrackStats } from './stats-script.ts';

/** By netlink, of the node's own namespace only. */
export const conntrackCountersNetlink = probe({
  yields: conntrackCounters,
  via: 'netlink',
  reads: { stats: conntrackStats },
  parse: ({ stats }): Reading<ConntrackCounters> => {
    if (!stats.ok) return stats;
    const found = statsOf(stats.outputs.at(-1) ?? stats.outputs[0]);
    return found.ok ? known({ source: 'conntrack -S', hostOnly: true, spaces: [found.value] }) : found;
  },
});
