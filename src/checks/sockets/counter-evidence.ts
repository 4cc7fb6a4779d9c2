import type { Evidence } from '../../core/check.ts';
import type { SpaceCounters } from '../../facts/network/counters.ts';
import type { Space } from '../../facts/network/spaces.ts';
import { spanText } from '../../lib/span-text.ts';
import { countOf } from './count-of.ts';

/** Quotes counters of a network namespace that rose: "ListenOverflows +14, ListenDrops +14 in 2 s". Those of UDP over IPv6 have a file of their own. */
export const counterEvidence = (
  space: Space | undefined,
  file: 'netstat' | 'snmp',
  changes: SpaceCounters,
  names: readonly string[],
  seconds: number,
): Evidence => {
  const rose = names.filter((name) => countOf(changes, name) > 0);
  const texts = rose.map((name) => `${name.replace(/^TcpExt\./, '')} +${countOf(changes, name)}`);
  const six = rose.filter((name) => name.startsWith('Udp6.')).length;
  const files = six === 0 ? file : six === rose.length ? 'snmp6' : `{${file},snmp6}`;
  return { source: `/proc/${space?.pid ?? '<pid>'}/net/${files}`, text: `${texts.join(', ')} in ${spanText(seconds)}` };
};
