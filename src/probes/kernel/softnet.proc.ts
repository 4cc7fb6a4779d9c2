import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { softnet } from '../../facts/kernel/softnet.ts';
import { parseSoftnet } from '../../parsers/softnet.ts';

const text = `
nd_v=$(cat /proc/sys/net/core/netdev_max_backlog 2>/dev/null) || nd_v=-
printf 'backlog\\t%s\\n' "$nd_v"
cat /proc/net/softnet_stat
`;

/** One line for each CPU; not reduced, since it is small and has no names. */
export const softnetProc = probe({
  yields: softnet,
  via: 'proc',
  reads: {
    samples: script('kernel/softnet', 'cat /proc/sys/net/core/netdev_max_backlog /proc/net/softnet_stat', text, {
      sampling: 'twice',
    }),
  },
  parse: ({ samples }) => {
    if (!samples.ok) return samples;
    const found = parseSoftnet((samples.outputs.at(-1) ?? samples.outputs[0]).stdout);
    return found ? known(found) : missing('unparsable', 'softnet_stat is not what it should be');
  },
});
