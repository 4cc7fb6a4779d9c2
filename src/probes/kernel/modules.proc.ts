import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { kernelModules } from '../../facts/kernel/modules.ts';
import { parseKernelModules } from '../../parsers/kernel-modules.ts';

/** What the checks ask for. */
const wanted = [
  'ip_tables nf_tables nf_conntrack nf_nat xt_nat xt_conntrack xt_mark xt_addrtype xt_statistic xt_MASQUERADE ipt_MASQUERADE xt_set',
  'ip_vs ip_vs_rr ip_set ip_set_hash_ip ip_set_hash_ipport ip_set_hash_ipportip ip_set_hash_ipportnet ip_set_bitmap_port',
  'nft_ct nft_nat nft_masq nft_numgen nft_fib nft_chain_nat',
].join(' ');

/**
 * Missing is only what a kernel with modules does not have loaded, and what neither list of its module files names: without these lists (a kernel without
 * modules, files elsewhere) nobody knows what is built in. /sys/module has only those built in that have parameters.
 */
const text = `
nd_need awk uname
nd_r=$(uname -r) || exit
[ ! -e /proc/net/ip_vs ] || echo ipvs
nd_seen=
for nd_m in ${wanted}; do [ ! -d "/sys/module/$nd_m" ] || nd_seen="$nd_seen $nd_m"; done
[ ! -e /proc/sys/net/netfilter/nf_conntrack_max ] || nd_seen="$nd_seen nf_conntrack"
[ ! -e /proc/net/ip_tables_names ] || nd_seen="$nd_seen ip_tables"
[ ! -e /proc/net/ip_vs ] || nd_seen="$nd_seen ip_vs"
set -- /dev/null
nd_all=0
[ ! -r /proc/modules ] || { echo modular; set -- /proc/modules; nd_all=1; }
nd_dir=
for nd_d in "/lib/modules/$nd_r" "/usr/lib/modules/$nd_r"; do
  [ -r "$nd_root$nd_d/modules.dep" ] && [ -r "$nd_root$nd_d/modules.builtin" ] || continue
  nd_dir=$nd_d
  printf 'dir\\t%s\\n' "$nd_d"
  set -- "$@" "$nd_root$nd_d/modules.builtin" "$nd_root$nd_d/modules.dep"
  break
done
[ -n "$nd_dir" ] || nd_all=0
awk -v want="${wanted}" -v seen="$nd_seen" -v all="$nd_all" '
  function note(n, s) { gsub(/-/, "_", n); if ((n in w) && !(n in state)) state[n] = s }
  BEGIN { n = split(want, a, " "); for (i = 1; i <= n; i++) w[a[i]] = 1 }
  FILENAME == "/proc/modules" { note($1, "loaded"); next }
  { p = $1; s = sub(/:$/, "", p) ? "loadable" : "built-in"; sub(/.*\\//, "", p); sub(/\\.ko.*$/, "", p); note(p, s) }
  END {
    n = split(seen, a, " ")
    for (i = 1; i <= n; i++) if (state[a[i]] != "loaded") state[a[i]] = "built-in"
    for (m in w) print "module\\t" m "\\t" ((m in state) ? state[m] : all ? "missing" : "unknown")
  }' "$@"
`;

/** See the script above. */
export const modulesProc = probe({
  yields: kernelModules,
  via: 'proc',
  reads: {
    list: script('kernel/modules', 'cat /proc/modules /lib/modules/$(uname -r)/modules.{builtin,dep}', text),
  },
  parse: ({ list }) => {
    if (!list.ok) return list;
    const found = parseKernelModules(list.outputs[0].stdout);
    return found ? known(found) : missing('unparsable', 'the list of kernel modules is not what it should be');
  },
});
