import { known, missing, type Reading } from '../../core/gap.ts';
import type { Output } from '../../core/read.ts';
import type { Counters } from '../../facts/network/counters.ts';
import { parseSpaceCounters } from '../../parsers/space-counters.ts';

/** One sample of the counters. */
export const countersOf = (output: Output): Reading<Counters> => {
  const found = parseSpaceCounters(output.stdout);
  return found ? known(found) : missing('unparsable', 'the counters of network namespaces are not what they should be');
};
