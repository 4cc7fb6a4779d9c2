import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { podNetworks } from '../../facts/node/pod-networks.ts';
import { cidr } from '../../parsers/cidr.ts';

/** Of the files only the subnets: they may hold tokens. */
const text = `
nd_need awk
for nd_f in "$nd_root"/etc/cni/net.d/*.conf "$nd_root"/etc/cni/net.d/*.conflist "$nd_root"/run/flannel/subnet.env; do
  [ ! -r "$nd_f" ] || awk '
    { while (match($0, /"subnet"[ \\t]*:[ \\t]*"[0-9a-fA-F.:\\/]+"/)) { n = split(substr($0, RSTART, RLENGTH), a, "\\""); print a[n - 1]; $0 = substr($0, RSTART + RLENGTH) } }
    /^FLANNEL_(IPV6_)?SUBNET=[0-9a-fA-F.:\\/]+$/ { sub(/^[^=]*=/, ""); print }' "$nd_f"
done
exit 0
`;

/** Without the API: the subnets in the CNI's configuration. */
export const podNetworksCni = probe({
  yields: podNetworks,
  via: 'cni',
  reads: { subnets: script('node/pod-networks', 'grep subnet /etc/cni/net.d/* /run/flannel/subnet.env', text) },
  parse: ({ subnets }) => {
    if (!subnets.ok) return subnets;
    const found = subnets.outputs[0].stdout.split('\n').flatMap((l) => cidr(l.trim()) ?? []);
    if (found.length === 0)
      return missing('absent', "no subnet in the files of /etc/cni/net.d: the node's pod network is not known");
    return known([...new Set(found)]);
  },
});
