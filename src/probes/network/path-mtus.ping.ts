import { known, missing } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { nodeAddresses } from '../../facts/cluster/node-addresses.ts';
import { pathMtus } from '../../facts/network/path-mtus.ts';
import { reachTargets } from '../../facts/services/reach-targets.ts';
import { parsePathMtus } from '../../parsers/path-mtus.ts';
import { pathMtusShell } from './path-mtus-shell.ts';
import { pathTargets } from './path-targets.ts';

/** All at once; where all is well it takes two answers, where something is lost three seconds. */
const text = `
nd_need cat
${pathMtusShell}
[ -n "\${nd_paths:-}" ] || { echo whole; exit 0; }
set -f
nd_tools || exit
printf 'by\\t%s\\n' "\${nd_ping#chroot * } -c 1 -W 1 -s SIZE ADDRESS"
for nd_w in $nd_paths; do nd_path "$nd_w" & done
wait
echo whole
`;

/** Pings from the node's network namespace; to which addresses, the API said. Without it no other node is known. */
export const pathMtusPing = probe({
  yields: pathMtus,
  via: 'ping',
  reads: {
    pings: script('network/path-mtus', 'ping -M do -c 1 -W 1 -s SIZE ADDRESS; ip route get ADDRESS', text, {
      sampling: 'during',
      requires: ['SYS_CHROOT', 'NET_RAW'],
    }),
  },
  params: params({
    from: { nodeAddresses, reachTargets },
    vars: ({ nodeAddresses: nodes, reachTargets: reach }, node): Record<string, string> => {
      const paths = pathTargets(nodes.ok ? nodes.value : [], reach.ok ? reach.value : [], node);
      return paths === '' ? {} : { paths };
    },
  }),
  parse: ({ pings }) => {
    if (!pings.ok) return pings;
    const found = parsePathMtus(pings.outputs[0].stdout);
    if (!found) return missing('unparsable', 'the table of pings is not whole');
    return found.paths.length > 0 ? known(found) : missing('absent', 'no other node is known to this run');
  },
});
