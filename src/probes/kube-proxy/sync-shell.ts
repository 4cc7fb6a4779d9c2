/**
 * Asks the kube-proxy of this network namespace for its word: metrics and /livez (404 before 1.28, then /healthz), reduced to the lines
 * about syncing. Failures come from its container's log, through links that lead to absolute paths of the host (Docker's). Only where no
 * kube-proxy runs, rules of one are looked for; nothing is asked that could load a module or make a table: legacy tables only where
 * /proc/net/ip_tables_names has `nat`, nftables only where the kernel has it already. A program that fails there is told: "unread TAB what TAB exit status
 * TAB first line of its error".
 */
export const syncShell = `
nd_need awk tail date ls readlink
{ read -r nd_x; } </proc/1/status || exit
nd_namespace() { set -- $(ls -i "$1/net/dev" 2>/dev/null); nd_ns=\${1:-}; }
nd_namespace /proc/self
nd_self=$nd_ns
printf 'now\\t%s\\n' "$(date +%s)"
nd_seen=
for nd_d in /proc/[0-9]*; do
  { read -r nd_x nd_name; } 2>/dev/null <"$nd_d/status" || continue
  [ "$nd_name" = kube-proxy ] || continue
  nd_namespace "$nd_d"
  [ "$nd_ns" = "$nd_self" ] || continue
  nd_state=$(awk '/^State:/ { print $2; exit }' "$nd_d/status" 2>/dev/null)
  printf 'process\\t%s\\t%s\\n' "\${nd_d#/proc/}" "$nd_state"
  # who is stopped answers nobody
  nd_seen="$nd_seen\${nd_state:-?}"
done
nd_metrics=\${nd_proxy_metrics:-127.0.0.1:10249}
nd_ask() { nd_http "$@" 2>&1; printf '\\nnd_exit %s\\n' "$?"; }
nd_told() {
  awk -v t="$1" -v a="$2" '
    /^nd_exit / { code = $2; next }
    $0 == "" { next }
    t != "metrics" { if (n++ < 5) print t "\\t" substr($0, 1, 600); next }
    /^kubeproxy_sync_proxy_rules_(last_(queued_)?timestamp_seconds|[a-z_]*_failures_total)[ {]/ || /^(process_start_time_seconds|kubernetes_build_info)[ {]/ { if (n++ < 40) print "metric\\t" substr($0, 1, 600) }
    /^[^#]/ { rest = $0 }
    END { print "answer\\t" t "\\t" code "\\t" a "\\t" (code == 0 ? "" : substr(rest, 1, 200)) }'
}
if [ -n "$nd_seen" ] && [ "$nd_seen" != T ]; then
  nd_ask "$nd_metrics" /metrics | nd_told metrics "$nd_metrics"
  nd_out=$(nd_ask 127.0.0.1:10256 /livez)
  case $nd_out in *'404 page'* | *'404 Not'*) nd_out=$(nd_ask 127.0.0.1:10256 /healthz) ;; esac
  printf '%s\\n' "$nd_out" | nd_told health 127.0.0.1:10256
fi
nd_n=0
for nd_f in "$nd_root"/var/log/containers/kube-proxy*_kube-system_*.log; do
  nd_k=0
  while [ -L "$nd_f" ] && [ "$nd_k" -lt 6 ]; do
    nd_t=$(readlink "$nd_f")
    case $nd_t in /*) nd_f=$nd_root$nd_t ;; *) nd_f=\${nd_f%/*}/$nd_t ;; esac
    nd_k=$((nd_k + 1))
  done
  [ -f "$nd_f" ] && [ -r "$nd_f" ] || continue
  [ "$nd_n" -lt 6 ] || { echo cut; break; }
  nd_n=$((nd_n + 1))
  printf 'log\\t%s\\n' "\${nd_f#"$nd_root"}"
  tail -c 4000000 "$nd_f" | awk '
    # klog puts an error of several lines behind err=<
    { hit = (/ip6?tables-restore|ipset|ip set|nftables sync|ensure .*chain/ && /[Ff]ail|[Ee]rror|exit status/) }
    hit || more {
      # Docker writes the time last, behind a line that may be long
      more = (hit && /err=</)
      l[n++ % 20] = substr($0, 1, 400) (match($0, /"time":"[^"]*"}$/) && RSTART > 400 ? "\\",...," substr($0, RSTART) : "")
    }
    END { for (i = (n > 20 ? n - 20 : 0); i < n; i++) print "line\\t" l[i % 20] }'
done
[ -z "$nd_seen" ] || exit 0
nd_look() {
  { nd_e=$(nd_host "$@" 2>&1 >&3); printf '\\nnd_exit %s %s\\n' "$?" "\${nd_e%%"$nd_nl"*}"; } 3>&1 | awk -v s="$*" '
    { last = $0 }
    /KUBE-SVC-|[ \\t]kube-proxy/ && !/^nd_exit / && !f { f = 1; sub(/^[ \\t]+/, ""); print "rules\\t" s "\\t" substr($0, 1, 200) }
    END { split(last, w, " "); if (w[2] != 0) print "unread\\t" s "\\t" w[2] "\\t" substr(last, length(w[2]) + 10, 200) }'
}
awk '/kube-ipvs0:/ { hit = 1; exit } END { exit !hit }' /proc/net/dev && awk '($1 == "TCP" || $1 == "UDP") && $2 ~ /:/ { print "rules\\t/proc/net/ip_vs\\t" $1 " " $2; exit }' /proc/net/ip_vs 2>/dev/null
if [ -e /proc/net/ip_tables_names ]; then
  nd_l=$(awk 1 /proc/net/ip_tables_names 2>&1) || printf 'unread\\t/proc/net/ip_tables_names\\t%s\\t%.200s\\n' "$?" "\${nd_l%%"$nd_nl"*}"
  case "$nd_nl$nd_l$nd_nl" in *"\${nd_nl}nat$nd_nl"*) nd_look iptables-legacy-save ;; esac
fi
# translation of addresses needs connection tracking, and so do all rules of kube-proxy
if [ -e /proc/sys/net/netfilter/nf_conntrack_max ] && nd_loaded nf_tables; then nd_look nft list chains; fi
exit 0
`;
