import { script } from '../../core/read.ts';

/**
 * The ipset of Service addresses and kube-proxy's table of nftables mode, each reduced to addresses in one pass. Neither is asked for where its part of the
 * kernel is not loaded. Nothing is told of an answer without its end.
 */
const text = `
nd_need awk cat
if nd_loaded ip_set; then
  for nd_set in KUBE-CLUSTER-IP KUBE-6-CLUSTER-IP; do
    { nd_host_for 15 ipset save "$nd_set" 2>&1 && echo '#whole'; } | awk -v set="$nd_set" '
      $1 == "#whole" { whole = 1; next }
      $1 == "create" { next }
      $1 == "add" && $2 == set { split($3, p, ","); if (!(p[1] in ip)) { if (n++ < 20000) ip[p[1]] = 1; else cut = 1 } next }
      /name does not exist/ { none = 1; next }
      NF { err = $0 }
      END {
        if (none) { print "ipset\\t" set "\\tabsent"; exit }
        if (!whole) { print "ipset\\t" set "\\tfailed\\t" substr(err, 1, 300); exit }
        print "ipset\\t" set "\\tread"
        for (a in ip) { if (!c) printf "in\\t"; printf "%s%s", a, (++c % 50 ? " " : "\\nin\\t") }
        if (c) print ""
        if (cut) print "cut"
      }'
  done
else
  echo ipsets
fi
nd_tables=
if nd_loaded nf_tables; then nd_tables=$(nd_nft_tables 2>&1) || nd_tables="failed $nd_tables"; fi
case $nd_tables in failed*) printf 'nft\\tfailed\\t%s\\n' "\${nd_tables#failed }" | awk 'NR == 1' ;; esac
for nd_f in ip ip6; do
  case "$nd_nl$nd_tables$nd_nl" in *"\${nd_nl}table $nd_f kube-proxy$nd_nl"*) ;; *) continue ;; esac
  { nd_host_for 15 nft list table "$nd_f" kube-proxy 2>&1 && echo '#whole'; } | awk -v f="$nd_f" '
    $1 == "#whole" { whole = 1; next }
    ($1 == "map" || $1 == "set" || $1 == "chain") && $NF == "{" { in_ = $2; kind = $1; next }
    kind == "chain" {
      if (in_ == "masquerading" && $1 == "masquerade") masq = 1
      if (in_ == "services" && index($0, "@service-ips")) maps = 1
      if (($1 == "jump" || $1 == "goto") && $2 == "services") hook[in_] = 1
      next
    }
    kind != "" && (in_ == "service-ips" || in_ == "no-endpoint-services" || in_ == "cluster-ips") {
      if ($1 == "comment" || $1 == "type" || $1 == "flags") next
      l = $0; sub(/^[ \\t]*elements = \\{/, "", l); sub(/\\}[ \\t]*$/, "", l)
      m = split(l, e, ",")
      for (i = 1; i <= m; i++) {
        split(e[i], w, " ")
        if (w[1] !~ /^[0-9A-Fa-f.:]+$/ || w[1] !~ /[.:]/) continue
        if (in_ == "service-ips") services++
        if (!(w[1] in ip)) { if (n++ < 20000) ip[w[1]] = 1; else cut = 1 }
      }
    }
    NF { err = $0 }
    END {
      if (!whole) { print "nft\\tfailed\\t" substr(err, 1, 300); exit }
      print "nft\\t" f "\\t" services + 0 "\\t" masq + 0 "\\t" (maps && ("nat-output" in hook) && ("nat-prerouting" in hook)) + 0
      for (a in ip) { if (!c) printf "in\\t"; printf "%s%s", a, (++c % 50 ? " " : "\\nin\\t") }
      if (c) print ""
      if (cut) print "cut"
    }'
done
echo end
exit 0
`;

/** See the script. */
export const serviceTablesRead = script(
  'kube-proxy/service-tables',
  'ipset save KUBE-CLUSTER-IP; nft list table ip kube-proxy; nft list table ip6 kube-proxy',
  text,
  { requires: ['SYS_CHROOT', 'NET_ADMIN'] },
);
