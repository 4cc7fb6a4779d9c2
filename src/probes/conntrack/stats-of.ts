import { known, missing, type Reading } from '../../core/gap.ts';
import type { Output } from '../../core/read.ts';
import type { ConntrackSpace } from '../../facts/conntrack/counters.ts';
import { parseConntrackStats } from '../../parsers/conntrack-stats.ts';

/** One answer of the tool conntrack. */
export const statsOf = ({ stdout }: Output): Reading<ConntrackSpace> => {
  if (stdout.trim() === '') return missing('not-collected', 'conntrack was not asked: the counters are in /proc');
  if (stdout.trim() === 'none')
    return missing(
      'unsupported',
      'this kernel has no /proc/net/stat/nf_conntrack, and nf_conntrack_netlink is not loaded',
    );
  const found = parseConntrackStats(stdout);
  return found ? known(found) : missing('unparsable', 'what conntrack -S printed is not what it should be');
};
