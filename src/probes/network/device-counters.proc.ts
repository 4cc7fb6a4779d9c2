import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { deviceCounters, deviceCounts } from '../../facts/network/device-counters.ts';
import { parseDeviceCounters } from '../../parsers/device-counters.ts';

/** /sys/class/net is that of the network namespace in which it was mounted: for a pod with hostNetwork and on the host the node's (facts 0). */
const text = `
nd_n=0
for nd_d in /sys/class/net/*; do
  [ -e "$nd_d/device" ] || continue
  nd_n=$((nd_n + 1))
  [ "$nd_n" -le 200 ] || { echo cut; exit 0; }
  nd_row=
  for nd_c in ${deviceCounts.join(' ')}; do
    { read -r nd_v; } 2>/dev/null <"$nd_d/statistics/$nd_c" || continue 2
    nd_row="$nd_row	$nd_v"
  done
  printf 'device\\t%s%s\\n' "\${nd_d##*/}" "$nd_row"
done
echo end
`;

/** See the script above. */
export const deviceCountersProc = probe({
  yields: deviceCounters,
  via: 'proc',
  reads: {
    samples: script('network/device-counters', 'grep . /sys/class/net/*/statistics/{rx,tx}_*', text, {
      sampling: 'twice',
    }),
  },
  parse: ({ samples }) => {
    if (!samples.ok) return samples;
    const { stdout } = samples.outputs.at(-1) ?? samples.outputs[0];
    if (stdout.endsWith('cut\n')) return missing('truncated', 'there are more than 200 network cards');
    const found = parseDeviceCounters(stdout);
    return found ? known(found) : missing('unparsable', 'the counts of network cards are not what they should be');
  },
});
