import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { file } from '../../core/read.ts';
import { ephemeralRange } from '../../facts/kernel/ephemeral-range.ts';
import { parsePortSpan } from '../../parsers/port-span.ts';

/** /proc/sys/net is the reader's own network namespace (facts 0): the collector runs in the host's. */
export const ephemeralRangeProc = probe({
  yields: ephemeralRange,
  via: 'proc',
  reads: { range: file('/proc/sys/net/ipv4/ip_local_port_range') },
  parse: ({ range }) => {
    if (!range.ok) return range;
    const span = parsePortSpan(range.outputs[0].stdout);
    return span ? known(span) : missing('unparsable', `ip_local_port_range is "${range.outputs[0].stdout.trim()}"`);
  },
});
