import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { file } from '../../core/read.ts';
import { reservedPorts } from '../../facts/kernel/reserved-ports.ts';
import { mergeRanges } from '../../lib/port-ranges.ts';
import { parsePortList } from '../../parsers/port-list.ts';

/** An empty file means that nothing is reserved. */
export const reservedPortsProc = probe({
  yields: reservedPorts,
  via: 'proc',
  reads: { list: file('/proc/sys/net/ipv4/ip_local_reserved_ports') },
  parse: ({ list }) => {
    if (!list.ok) return list;
    const ranges = parsePortList(list.outputs[0].stdout);
    return ranges
      ? known(mergeRanges(ranges))
      : missing('unparsable', `ip_local_reserved_ports is "${list.outputs[0].stdout.trim()}"`);
  },
});
