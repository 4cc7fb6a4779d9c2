import { known, missing, type Reading } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type ConntrackChanges, conntrackChanges } from '../../facts/conntrack/changes.ts';
import { counterChangesProc } from '../network/counter-changes.proc.ts';
import { conntrackOf } from './conntrack-of.ts';

/** The difference of two looks at /proc/PID/net/stat/nf_conntrack of every network namespace. */
export const conntrackChangesProc = probe({
  yields: conntrackChanges,
  via: 'proc',
  reads: counterChangesProc.reads,
  parse: (raw): Reading<ConntrackChanges> => {
    const all = counterChangesProc.parse(raw);
    if (!all.ok) return all;
    const found = conntrackOf(all.value);
    if (!found) return missing('not-collected', 'this kernel has no /proc/net/stat/nf_conntrack');
    return known({ ...found, seconds: all.value.seconds });
  },
});
