import { known, missing, type Reading } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type ConntrackCounters, conntrackCounters } from '../../facts/conntrack/counters.ts';
import { countersProc } from '../network/counters.proc.ts';
import { conntrackOf } from './conntrack-of.ts';

/** From /proc/PID/net/stat/nf_conntrack of every network namespace. */
export const conntrackCountersProc = probe({
  yields: conntrackCounters,
  via: 'proc',
  reads: countersProc.reads,
  parse: (raw): Reading<ConntrackCounters> => {
    const all = countersProc.parse(raw);
    if (!all.ok) return all;
    const found = conntrackOf(all.value);
    return found ? known(found) : missing('not-collected', 'this kernel has no /proc/net/stat/nf_conntrack');
  },
});
