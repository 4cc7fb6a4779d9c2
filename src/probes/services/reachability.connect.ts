import { known, missing } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { kubeletAddress } from '../../facts/node/kubelet-address.ts';
import { reachTargets } from '../../facts/services/reach-targets.ts';
import { reachability } from '../../facts/services/reachability.ts';
import { parseReachability } from '../../parsers/reachability.ts';
import { chosenTargets } from './chosen-targets.ts';
import { localTargetsShell } from './local-targets-shell.ts';
import { reachabilityShell } from './reachability-shell.ts';

/** All at once, each in a process of its own; one that does not answer takes twice 3 s. */
const text = `
nd_need awk tr ls head
${reachabilityShell}${localTargetsShell}
nd_ways || exit
[ -n "\${nd_reach:-}" ] || nd_find
set -f
for nd_w in $nd_reach; do nd_row "$nd_w" & done
wait
echo whole
`;

/** What answers from the node's network namespace; which addresses it tries, the API said, or else the node's own files. */
export const reachabilityConnect = probe({
  yields: reachability,
  via: 'connect',
  reads: {
    tries: script(
      'services/reachability',
      'nc -w 3 ADDRESS PORT -e true; nslookup -type=a kubernetes.default.svc.cluster.local ADDRESS',
      text,
      { sampling: 'during', uses: ['SYS_CHROOT', 'NET_ADMIN', 'DAC_READ_SEARCH'] },
    ),
  },
  params: params({
    from: { reachTargets, kubeletAddress },
    vars: (maybe, node): Record<string, string> => {
      if (!maybe.reachTargets.ok) return {};
      const own = maybe.kubeletAddress;
      const words = chosenTargets(maybe.reachTargets.value, node).map(
        (t) => `${t.kind},${t.protocol.toLowerCase()},${t.ip},${t.port}`,
      );
      if (own.ok) words.push(`kubelet,tcp,${own.value.ip},${own.value.port}`);
      return { reach: words.join(' ') };
    },
  }),
  parse: ({ tries }) => {
    if (!tries.ok) return tries;
    const found = parseReachability(tries.outputs[0].stdout);
    return found ? known(found) : missing('unparsable', 'the table of what answers is not whole');
  },
});
