import type { Evidence } from '../../core/check.ts';
import type { SpaceCounters } from '../../facts/network/counters.ts';
import type { Space } from '../../facts/network/spaces.ts';
import { countOf } from './count-of.ts';
import { within } from './within.ts';

/** Quotes counters of a network namespace that rose: "ListenOverflows +14, ListenDrops +14 in 2 s". */
export const counterEvidence = (
  space: Space | undefined,
  file: 'netstat' | 'snmp',
  changes: SpaceCounters,
  names: readonly string[],
  seconds: number,
): Evidence => {
  const rose = names.filter((name) => countOf(changes, name) > 0);
  const texts = rose.map((name) => `${name.replace(/^TcpExt\./, '')} +${countOf(changes, name)}`);
  return { source: `/proc/${space?.pid ?? '<pid>'}/net/${file}`, text: `${texts.join(', ')} in ${within(seconds)}` };
};
