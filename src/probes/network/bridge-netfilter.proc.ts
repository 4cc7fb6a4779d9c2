import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { bridgeNetfilter } from '../../facts/network/bridge-netfilter.ts';
import { parseBridgeNetfilter } from '../../parsers/bridge-netfilter.ts';
import { spacesShell } from './spaces-shell.ts';

/**
 * A pod is behind a bridge if it has a network on link that is also on link at the bridge, by the interface of its default route. (A pod of Calico or Cilium
 * has a /32 and a route to a gateway only; of docker0 and other networks no pod has its default route.)
 */
const text = `${spacesShell}
nd_need ls awk
nd_names=
for nd_d in /sys/class/net/*/bridge; do
  [ -d "$nd_d" ] || continue
  nd_4= nd_6= nd_b=\${nd_d%/bridge}
  { read -r nd_4; } 2>/dev/null <"$nd_d/nf_call_iptables"
  { read -r nd_6; } 2>/dev/null <"$nd_d/nf_call_ip6tables"
  nd_names="$nd_names bridge \${nd_b##*/}$nd_nl"
  printf 'bridge\\t%s\\t%s\\t%s\\n' "\${nd_b##*/}" "$nd_4" "$nd_6"
done
echo bridges
[ -n "$nd_names" ] || exit 0
for nd_k in ip ip6; do
  [ -e "/proc/sys/net/bridge/bridge-nf-call-\${nd_k}tables" ] || continue
  nd_v=$(cat "/proc/sys/net/bridge/bridge-nf-call-\${nd_k}tables") || exit
  printf 'switch\\t%stables\\t%s\\n' "$nd_k" "$nd_v"
done
{ printf '%s' "$nd_names"; nd_spaces; } | awk '
  function routes(pid, own,    f, l, c, r, dev4, dev6, hit) {
    split("", hit)
    f = "/proc/" pid "/net/route"
    while ((getline l < f) > 0) {
      split(l, c, " ")
      r = c[2] " " c[8]
      if (c[3] != "00000000") { if (c[2] == "00000000" && c[8] == "00000000") dev4 = c[1] }
      else if (c[8] == "FFFFFFFF") continue
      else if (own) { if (c[1] in bridge) link[r] = c[1] }
      else if (r in link) hit["ipv4", c[1]] = link[r]
    }
    close(f)
    f = "/proc/" pid "/net/ipv6_route"
    while ((getline l < f) > 0) {
      split(l, c, " ")
      r = c[1] " " c[2]
      if (c[5] !~ /^0+$/) { if (c[2] == "00") dev6 = c[10] }
      else if (c[2] == "00" || c[2] == "80" || c[1] ~ /^f[ef]/) continue
      else if (own) { if (c[10] in bridge) link[r] = c[10] }
      else if (r in link) hit["ipv6", c[10]] = link[r]
    }
    close(f)
    if (("ipv4", dev4) in hit) pods[hit["ipv4", dev4] "\\tipv4"]++
    if (("ipv6", dev6) in hit) pods[hit["ipv6", dev6] "\\tipv6"]++
  }
  $1 == "bridge" { bridge[$2] = 1; next }
  !seen++ { routes("self", 1); next }
  {
    pod = 0; f = "/proc/" $2 "/cgroup"
    while ((getline l < f) > 0) if (l ~ /kubepods/) pod = 1
    close(f)
    if (pod) routes($2, 0)
  }
  END { for (k in pods) print "pods\\t" k "\\t" pods[k] }'
`;

/** See the script above. */
export const bridgeNetfilterProc = probe({
  yields: bridgeNetfilter,
  via: 'proc',
  reads: {
    list: script(
      'network/bridge-netfilter',
      'ls -d /sys/class/net/*/bridge; sysctl net.bridge; cat /proc/<pid>/net/{route,ipv6_route} of each network namespace',
      text,
    ),
  },
  parse: ({ list }) => {
    if (!list.ok) return list;
    const found = parseBridgeNetfilter(list.outputs[0].stdout);
    return found ? known(found) : missing('unparsable', 'the list of bridges is not what it should be');
  },
});
