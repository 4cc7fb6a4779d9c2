import { script } from '../../core/read.ts';
import { resolveShell } from '../workloads/resolve-shell.ts';

/**
 * One pass over the output of a save tool. Chains are counted by family of name; verbatim are only the rules that the checks quote. Quoted
 * comments may hold anything, so they are taken out before words are looked at. Nothing is told of an output without its end.
 */
const reduce = `
  function fam(n) {
    if (match(n, /^KUBE-(SVC|SVL|SEP|EXT|XLB|FW|NWPLCY|POD-FW)-/)) return substr(n, 1, RLENGTH) "*"
    if (n ~ /^KUBE-/) return n
    if (match(n, /^(cali-|FLANNEL-|CNI-|CILIUM_)/)) return substr(n, 1, RLENGTH) "*"
    return ""
  }
  function key(n,    k) {
    k = fam(n)
    if (k == "") return ""
    k = t "\\t" k
    if (!(k in chains)) {
      if (names++ >= 300) { cut = 1; return "" }
      list[names] = k; chains[k] = 0; rules[k] = 0
    }
    return k
  }
  { sub(/\\r$/, "") }
  /^#whole$/ { whole = 1; next }
  /^# Table .* is incompatible/ { err = $0; bad = 1; next }
  /^#/ || /^$/ || /^COMMIT/ { next }
  /^\\*/ { t = substr($1, 2); next }
  /^:/ {
    n = substr($1, 2); there[t, n] = 1
    if ((k = key(n)) != "") chains[k]++
    next
  }
  /^-A / {
    if ((k = key($2)) != "") rules[k]++
    l = $0
    if (index(l, "\\"")) gsub(/"([^"\\\\]|\\\\.)*"/, "\\"\\"", l)
    m = split(l, w, " "); to = ""
    for (i = 3; i < m; i++) {
      if (w[i] == "-j" || w[i] == "-g") { to = w[i + 1]; break }
      if (w[i] == "-d" && w[i - 1] != "!" && $2 == "KUBE-SERVICES") {
        a = w[i + 1]; sub(/\\/(32|128)$/, "", a)
        if (a !~ /\\// && !(a in dest)) { if (d++ < 20000) dest[a] = 1; else cut = 1 }
      }
    }
    if (fam(to) != "" && !((t, to) in there) && miss++ < 20) out = out "dangling\\t" t "\\t" $2 "\\t" to "\\n"
    if ($2 ~ /^KUBE-(FIREWALL|POSTROUTING|MARK-DROP|MARK-MASQ)$/ || ($2 !~ /^KUBE-/ && to ~ /^KUBE-/ && (t == "nat" || to == "KUBE-FIREWALL")) || ($2 == "KUBE-SERVICES" && l ~ /--match-set/)) {
      if (kept[t, $2]++ < 40 && length($0) <= 600) out = out "rule\\t" t "\\t" $0 "\\n"
      else cut = 1
    }
    next
  }
  { err = $0 }
  END {
    if (!whole || bad) { print "unread\\t" b "\\t" f "\\t" (bad ? "unsupported" : "failed") "\\t" names_there "\\t" substr(err, 1, 300); exit }
    print "set\\t" b "\\t" f "\\t" tool
    for (i = 1; i <= names && i <= 300; i++) print "chains\\t" list[i] "\\t" chains[list[i]] "\\t" rules[list[i]]
    printf "%s", out
    for (a in dest) { if (!c) printf "to\\t"; printf "%s%s", a, (++c % 50 ? " " : "\\nto\\t") }
    if (c) print ""
    if (cut) print "cut"
  }`;

/**
 * The backends that exist already, and no others: legacy tables by /proc/net/ip_tables_names, those of nft by `nft list chains` where nf_tables is in
 * the kernel. Legacy tools get neither -t nor -L, which would make tables (facts H, measured).
 */
const rules = `
nd_tools=" $(nd_host sh -c 'for p in iptables ip6tables; do for b in - -legacy- -nft-; do command -v "$p\${b}save" >/dev/null && printf "%s " "$p\${b}save"; done; done; command -v nft >/dev/null && printf "nft "' 2>&1) "
nd_v=$(nd_host iptables -V 2>/dev/null | awk 'NR == 1')
case $nd_v in
  *nf_tables*) nd_kind=nft ;;
  iptables*) nd_kind=legacy ;;
  *) nd_kind= ;;
esac
[ -z "$nd_kind" ] || printf 'host\\t%s\\t%s\\n' "$nd_kind" "$nd_v"
nd_unread() { printf 'unread\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$@"; }
nd_read() {
  for nd_t in "$nd_p-$1-save" "$([ "$nd_kind" != "$1" ] || echo "$nd_p-save")" ''; do
    case $nd_tools in *" $nd_t "*) [ -z "$nd_t" ] || break ;; esac
  done
  [ -n "$nd_t" ] || { nd_unread "$1" "$nd_f" tool-missing "$2" "no $nd_p-$1-save on the node"; return; }
  { nd_host_for 15 "$nd_t" 2>&1 && echo '#whole'; } |
    awk -v b="$1" -v f="$nd_f" -v tool="$nd_t" -v names_there="$2" '${reduce}'
}
nd_nft=
if nd_loaded nf_tables; then
  case $nd_tools in
    *' nft '*) nd_nft=$(nd_nft_tables 2>&1) || nd_nft="failed $nd_nft" ;;
    *) nd_nft=unknown ;;
  esac
fi
for nd_f in ipv4 ipv6; do
  case $nd_f in ipv4) nd_p=iptables nd_a=ip ;; *) nd_p=ip6tables nd_a=ip6 ;; esac
  if [ -e "/proc/net/\${nd_a}_tables_names" ]; then
    if nd_x=$(cat "/proc/net/\${nd_a}_tables_names" 2>/dev/null); then
      [ -z "$nd_x" ] || nd_read legacy "$(echo $nd_x)"
    else
      nd_unread legacy "$nd_f" forbidden '' "/proc/net/\${nd_a}_tables_names may not be read"
    fi
  fi
  case $nd_nft in
    failed*) nd_unread nft "$nd_f" failed '' "$(printf 'nft list chains: %s' "\${nd_nft#failed }" | awk 'NR == 1')" ;;
    unknown) nd_read nft '' ;;
    *)
      nd_x=$(printf '%s\\n' "$nd_nft" | awk -v a="$nd_a" '$1 == "table" && $2 == a && $3 ~ /^(filter|nat|mangle|raw|security)$/ { printf "%s ", $3 }')
      [ -z "$nd_x" ] || nd_read nft "\${nd_x% }"
      ;;
  esac
done
`;

/**
 * kube-proxy: what runs it and since when, its version by its metrics, and what `iptables` is for it: by its PATH, links followed inside its root. The
 * file is read and not run: whoever may name a process kube-proxy could give us any program.
 */
const proxy = `
nd_space() { set -- $(ls -i "$1/net/dev" 2>/dev/null); nd_ns=\${1:-}; }
nd_space /proc/self
nd_self=$nd_ns nd_kp=
for nd_d in /proc/[0-9]*; do
  { read -r nd_x nd_name; } 2>/dev/null <"$nd_d/status" || continue
  case $nd_name in
    kube-proxy) ;;
    hyperkube | kubelite | k3s | k3s-server | k3s-agent) [ -z "$nd_kp" ] || continue ;;
    *) continue ;;
  esac
  if [ "$nd_name" = hyperkube ]; then
    case $(tr '\\000' ' ' 2>/dev/null <"$nd_d/cmdline") in *' proxy '* | *kube-proxy*) ;; *) continue ;; esac
  fi
  nd_space "$nd_d"
  [ "$nd_ns" = "$nd_self" ] || continue
  nd_kp=\${nd_d#/proc/} nd_kn=$nd_name
  [ "$nd_name" != kube-proxy ] || break
done
[ -n "$nd_kp" ] || { echo proxy; exit 0; }
nd_now
nd_age=$(awk -v up="$nd_up" '{ sub(/.*\\) /, ""); print int(up - $20 / 100) }' "/proc/$nd_kp/stat" 2>/dev/null)
nd_by=$(awk '
  /kubepods/ { print "pod"; exit }
  { n = split($0, a, "/"); for (i = n; i > 0; i--) if (a[i] ~ /^[A-Za-z0-9:_.@-]+\\.service$/) { u = a[i]; break } }
  END { if (u) print u }' "/proc/$nd_kp/cgroup" 2>/dev/null)
nd_version=$(nd_http "\${nd_proxy_metrics:-127.0.0.1:10249}" /metrics 2>/dev/null | awk '
  /^kubernetes_build_info/ && match($0, /git_?[vV]ersion="[^"]*"/) { v = substr($0, RSTART, RLENGTH); gsub(/.*="|"/, "", v); print v; exit }')
printf 'proxy\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$nd_kp" "$nd_kn" "$nd_age" "$nd_by" "$nd_version"
[ -e "/proc/$nd_kp/root/." ] || { echo 'bin hidden'; exit 0; }
nd_path=$(tr '\\000' '\\n' 2>/dev/null <"/proc/$nd_kp/environ" | awk 'sub(/^PATH=/, "") { print; exit }')
nd_away "$nd_kp"
nd_ifs=$IFS IFS=:
set -f
for nd_d in \${nd_path:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}; do
  IFS=$nd_ifs
  case $nd_d in /*) ;; *) continue ;; esac
  nd_resolve "/proc/$nd_kp/root" "$nd_d/iptables" || continue
  nd_v=$(tr -c '0-9.' '\\n' 2>/dev/null <"/proc/$nd_kp/root$nd_at" | grep -E '^1\\.[4-9]\\.[0-9]+$' | sort -u | awk 'NR > 1 { v = ""; exit } { v = $0 } END { print v }')
  printf '%s\\n%s\\n' "$nd_d/iptables" "$nd_at" | awk -v v="$nd_v" 'NR > 2 { bad = 1 } { gsub(/\\t/, "?"); a[NR] = $0 } END { if (!bad) print "bin\\t" a[1] "\\t" a[2] "\\t" v }'
  break
done
exit 0
`;

/** See the scripts above. One read for all that is known of iptables on the node. */
export const iptablesRead = script(
  'iptables/rules',
  'iptables-legacy-save; iptables-nft-save; ip6tables-…; iptables -V; ls -l /proc/$(pidof kube-proxy)/root/usr/sbin/iptables',
  `nd_need awk cat grep ls readlink sort tr\n${resolveShell}${rules}${proxy}`,
  { requires: ['SYS_CHROOT', 'NET_ADMIN'], uses: ['NET_RAW', 'SYS_PTRACE', 'DAC_READ_SEARCH'] },
);
