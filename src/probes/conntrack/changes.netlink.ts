import { known, missing, type Reading } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type ConntrackChanges, conntrackChanges } from '../../facts/conntrack/changes.ts';
import type { ConntrackSpace } from '../../facts/conntrack/counters.ts';
import { bothEnds } from '../both-ends.ts';
import { statsOf } from './stats-of.ts';
import { conntrackStats } from './stats-script.ts';

const between = (a: ConntrackSpace, b: ConntrackSpace): ConntrackSpace => ({
  ...b,
  insertFailed: b.insertFailed - a.insertFailed,
  clashResolved: a.clashResolved === null || b.clashResolved === null ? null : b.clashResolved - a.clashResolved,
  drop: b.drop - a.drop,
  earlyDrop: b.earlyDrop - a.earlyDrop,
});

/** The difference of two answers of netlink, of the node's own namespace only. */
export const conntrackChangesNetlink = probe({
  yields: conntrackChanges,
  via: 'netlink',
  reads: { stats: conntrackStats },
  parse: ({ stats }): Reading<ConntrackChanges> => {
    const ends = bothEnds(stats, 'what was counted within a time is not known');
    if (!ends.ok) return ends;
    const [before, after] = [statsOf(ends.value.first), statsOf(ends.value.last)];
    if (!before.ok) return before;
    if (!after.ok) return after;
    const change = between(before.value, after.value);
    if (Math.min(change.insertFailed, change.clashResolved ?? 0, change.drop, change.earlyDrop) < 0)
      return missing('failed', 'the counters of conntrack -S went backwards within the window');
    return known({ source: 'conntrack -S', hostOnly: true, spaces: [change], seconds: ends.value.seconds });
  },
});
