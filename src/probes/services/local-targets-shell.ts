/**
 * A shell function for a node that no API told anything about: `nd_find` sets nd_reach to what is certain there, and prints "unknown TAB kind TAB why"
 * for what is not.
 *
 * - The API server's address: the `server:` line of kubelet's kubeconfig; no other line of it is looked at.
 * - The DNS Service: clusterDNS in kubelet's configuration, or its flag. A link-local one is NodeLocal DNSCache, no Service.
 * - The API server's Service: the virtual server that has that address behind it; or (where kubelet goes through a load balancer) the one on port 443 of
 *   the first address beside the DNS Service, which has its port. Else by its name in the rules of kube-proxy: in nftables mode the map
 *   service-ips, in iptables mode the comment "default/kubernetes:https". Neither nft nor iptables-save is called where the kernel has nothing for it, so that
 *   no module is loaded.
 */
export const localTargetsShell = `
nd_flags() { tr '\\000' '\\n' 2>/dev/null <"/proc/$nd_kubelet/cmdline" | awk -v want="$1" '
  v { print; exit }
  { sub(/^--?/, "") }
  index($0, want "=") == 1 { print substr($0, length(want) + 2); exit }
  $0 == want { v = 1 }'
}
nd_inode() { set -- $(ls -i "$1/net/dev" 2>/dev/null); nd_ino=\${1:-}; }
nd_rules() {
  nd_nft=
  nd_loaded nf_tables && nd_nft=1
  [ -n "$nd_nft" ] && nd_host nft list map ip kube-proxy service-ips 2>/dev/null | awk '
    { while (match($0, /[0-9.]+ \\. tcp \\. [0-9]+ : goto [^ ,]*-default\\/kubernetes\\/tcp\\/https/)) {
      split(substr($0, RSTART, RLENGTH), f, " "); print f[1] "," f[5]; exit } }'
  { [ -n "$nd_nft" ] || [ -n "$(cat /proc/net/ip_tables_names 2>/dev/null)" ]; } && nd_host iptables-save 2>/dev/null | awk '
    /^-A KUBE-SERVICES / && /"default\\/kubernetes:https cluster IP"/ && !done {
      for (i = 1; i < NF; i++) { if ($i == "-d") a = $(i + 1); if ($i == "--dport") p = $(i + 1) }
      sub(/\\/32$/, "", a)
      print a "," p
      done = 1
    }'
}
nd_servers() {
  [ -r /proc/net/ip_vs ] && awk -v want="$1" -v near="$2" '
    function byte(h) { return (index(hex, substr(h, 1, 1)) - 1) * 16 + index(hex, substr(h, 2, 1)) - 1 }
    function dotted(h) { return byte(h) "." byte(substr(h, 3)) "." byte(substr(h, 5)) "." byte(substr(h, 7)) }
    BEGIN {
      hex = "0123456789ABCDEF"
      n = split(want, w, /[.,]/)
      real = n == 5 ? sprintf("%02X%02X%02X%02X:%04X", w[1], w[2], w[3], w[4], w[5]) : "-"
      port = sprintf("%04X", w[n])
      if (split(near, d, ".") == 4) first = sprintf("%02X%02X%02X%02X:01BB", d[1], d[2], d[3], 1)
    }
    $1 == "TCP" && $2 ~ /^[0-9A-F]+:[0-9A-F]+$/ { own = $2; next }
    $1 != "->" { own = ""; next }
    own == "" { next }
    $2 == real && !hit { hit = own }
    own == first && substr($2, length($2) - 3) == port { guess = own }
    END {
      if (!hit) hit = guess
      if (hit) print dotted(hit) "," byte(substr(hit, 10)) * 256 + byte(substr(hit, 12))
    }' /proc/net/ip_vs
}
nd_find() {
  nd_inode /proc/self
  nd_self=$nd_ino nd_kubelet=
  for nd_d in /proc/[0-9]*; do
    { read -r nd_x nd_k; } 2>/dev/null <"$nd_d/status" || continue
    [ "$nd_k" = kubelet ] || continue
    nd_inode "$nd_d"
    [ "$nd_ino" = "$nd_self" ] && nd_kubelet=\${nd_d#/proc/} && break
  done
  if [ -z "$nd_kubelet" ]; then printf 'unknown\\tkubelet\\tno process named kubelet runs here\\n'; return; fi
  nd_conf=$(nd_flags config)
  nd_conf=\${nd_conf:-/var/lib/kubelet/config.yaml}
  nd_kc=$(nd_flags kubeconfig)
  nd_kc=\${nd_kc:-/etc/kubernetes/kubelet.conf}
  nd_own=$(awk '
    /^port: *[0-9]+ *$/ { p = $2 }
    /^address: *"?[0-9a-f.:]+"? *$/ { a = $2; gsub(/"/, "", a) }
    END { print (a == "" || a == "0.0.0.0" || a == "::" ? "127.0.0.1" : a) "," (p ? p : 10250) }' "$nd_root$nd_conf" 2>/dev/null)
  nd_reach=kubelet,tcp,\${nd_own:-127.0.0.1,10250}
  nd_api=$(awk '
    /^ *#/ { next }
    match($0, /(^|[^A-Za-z-])server"?: *["\\047]?https?:\\/\\/[^ ",}\\047\\r]+/) {
      $0 = substr($0, RSTART, RLENGTH)
      sub(/^.*https?:\\/\\//, ""); sub(/\\/.*/, "")
      p = 443
      if (match($0, /:[0-9]+$/)) { p = substr($0, RSTART + 1); $0 = substr($0, 1, RSTART - 1) }
      gsub(/\\[|\\]/, "")
      if ($0 ~ /^[A-Za-z0-9.:-]+$/) print $0 "," p
      exit
    }' "$nd_root$nd_kc" 2>/dev/null)
  nd_dns=$(nd_flags cluster-dns)
  nd_dns=\${nd_dns:-$(awk '
    function say(t) { gsub(/[] "[]|\\047/, "", t); sub(/,.*/, "", t); if (t != "") { print t; exit } }
    /^clusterDNS:/ { sub(/^clusterDNS: */, ""); on = 1; say($0); next }
    on && /^ *- / { sub(/^ *- */, ""); say($0) }
    { on = 0 }' "$nd_root$nd_conf" 2>/dev/null)}
  nd_dns=\${nd_dns%%,*}
  case $nd_dns in
    '') printf 'unknown\\tdns-vip\\tno clusterDNS in %s\\n' "$nd_conf" ;;
    169.254.* | fe80:* | *[!0-9a-f.:]*) printf 'unknown\\tdns-vip\\tclusterDNS in %s is the address of no Service\\n' "$nd_conf" ;;
    *) nd_reach="$nd_reach dns-vip,tcp,$nd_dns,53 dns-vip,udp,$nd_dns,53" ;;
  esac
  if [ -z "$nd_api" ]; then
    printf 'unknown\\tapi-endpoint\\tno server in %s\\n' "$nd_kc"
  else
    nd_reach="$nd_reach api-endpoint,tcp,$nd_api"
  fi
  nd_vip=$(nd_servers "$nd_api" "$nd_dns")
  [ -n "$nd_vip" ] || nd_vip=$(nd_rules)
  nd_vip=\${nd_vip%%"$nd_nl"*}
  case $nd_vip in *[!0-9a-f.:,]* | *, | ,*) nd_vip= ;; esac
  if [ -n "$nd_vip" ]; then nd_reach="$nd_reach api-vip,tcp,$nd_vip"
  else printf 'unknown\\tapi-vip\\tno rule and no virtual server for default/kubernetes was seen here\\n'
  fi
}
`;
