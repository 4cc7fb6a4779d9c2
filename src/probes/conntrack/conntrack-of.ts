import type { ConntrackCounters } from '../../facts/conntrack/counters.ts';
import type { Counters } from '../../facts/network/counters.ts';

/** Connection tracking's part of the counters of network namespaces; null where the kernel has no such file. A name that is known and has no value is 0. */
export const conntrackOf = ({ names, spaces }: Counters): ConntrackCounters | null => {
  if (!['entries', 'insert_failed', 'drop', 'early_drop'].every((n) => names.has(`conntrack.${n}`))) return null;
  return {
    source: 'cat /proc/net/stat/nf_conntrack',
    hostOnly: false,
    spaces: spaces.map(({ space, values }) => {
      const of = (name: string): number => values[`conntrack.${name}`] ?? 0;
      return {
        space,
        entries: of('entries'),
        insertFailed: of('insert_failed'),
        clashResolved: names.has('conntrack.clashres') ? of('clashres') : null,
        drop: of('drop'),
        earlyDrop: of('early_drop'),
      };
    }),
  };
};
