import { script } from '../../core/read.ts';

/**
 * What the node's own network namespace has of netfilter, reduced where it lies to the rules and policies that drop, and to what stands in the way of
 * forwarded packets where something drops them there.
 *
 * Nothing is asked that would load a module or make a table (facts H): legacy tools where /proc/net/ip_tables_names names tables, and never with -t or -L;
 * those of nf_tables where the kernel has it and it has tables. Of those that iptables-nft-save prints nft is asked only where that left one out: to fetch
 * 20,000 rules takes nft 100 MB. `-t` leaves out the elements of sets, `-a` gives handles.
 *
 * Legacy tools open a raw socket (NET_RAW), the others ask by netlink (NET_ADMIN).
 *
 * A line is, by tabs: "seen|blind WHO (reason)", "rule|policy WHO TABLE CHAIN PACKETS TEXT" ("-": it has no counter of its own), "fwd WHO TABLE CHAIN POLICY"
 * for each base chain of forwarded packets, "way WHO TABLE CHAIN TEXT" for a rule on their way, "tool WHO TABLE NAME". WHO: "legacy ip", "iptables-nft ip6", "nft inet".
 */
const text = `
nd_need awk cat
# nd_get WHO NAME COMMAND...: what it prints behind a mark, and whether that was all
nd_get() {
  printf '@ %s\\n' "$1"
  nd_name=$2
  shift 2
  { nd_err=$("$@" 2>&1 >&3); } 3>&1
  nd_c=$?
  case $nd_c in 0 | 3) echo '@@ whole' ;; *) printf '@@ %s\\n' "$nd_name: \${nd_err##*"$nd_nl"} (exit $nd_c)" ;; esac
}
# nd_saved PROGRAM: 3 where it left out tables that hold what iptables does not know
nd_saved() {
  { nd_host_for 15 "$1" -c; printf '@exit %s\\n' "$?"; } | awk '
    $1 == "@exit" { c = $2; next }
    /^# Table .* is incompatible/ { bad = 1 }
    { print }
    END { exit c ? c : bad ? 3 : 0 }'
}
# nd_save WHO nft|legacy VERSION: by the tool of that name, or by iptables-save where that is of this kind
nd_save() {
  nd_x=ip\${3}tables
  nd_get "$1 ip$3" "$nd_x-$2-save" nd_saved "$nd_x-$2-save"
  [ "$nd_c" = 127 ] || return 0
  case $2$(nd_host "$nd_x" -V 2>/dev/null) in
    nft*nf_tables* | legacy*legacy* | legacyip*v1.[0-7].*) nd_get "$1 ip$3" "$nd_x-save" nd_saved "$nd_x-save" ;;
  esac
}
# nd_list FAMILY NAME...: old versions know no -t
nd_list() {
  while [ $# != 0 ]; do
    nd_host_for 15 nft -t -a list table "$1" "$2" 2>/dev/null || nd_host_for 15 nft -a list table "$1" "$2" || return
    shift 2
  done
}
nd_all() {
  for nd_v in '' 6; do
    [ -e "/proc/net/ip\${nd_v}_tables_names" ] || continue
    nd_n=$(cat "/proc/net/ip\${nd_v}_tables_names" 2>&1) || { printf '@ legacy ip%s\\n@@ %s\\n' "$nd_v" "$nd_n"; continue; }
    [ -z "$nd_n" ] || nd_save legacy legacy "$nd_v"
  done
  nd_loaded nf_tables || return 0
  nd_t=$(nd_nft_tables 2>&1)
  nd_s=$?
  nd_had=' '
  for nd_v in '' 6; do
    case $nd_s:$nd_t in
      127:* | 0:*"table ip$nd_v "[fmnrs]*) nd_save iptables-nft nft "$nd_v"; [ "$nd_c" != 0 ] || nd_had="\${nd_had}ip$nd_v " ;;
    esac
  done
  if [ "$nd_s" != 0 ]; then printf '@ nft\\n@@ nft: %s (exit %s)\\n' "\${nd_t##*"$nd_nl"}" "$nd_s"; return 0; fi
  nd_t=$(printf '%s\\n' "$nd_t" | awk -v had="$nd_had" '
    index(had, " " $2 " ") && $3 ~ /^(filter|nat|mangle|raw|security)$/ { next }
    NF { n++; if (NF != 3 || $3 !~ /^[A-Za-z0-9_.-]+$/) n = 99; print $2, $3 }
    END { if (n > 20) print "all" }')
  case $nd_t in
    *all) nd_get nft nft nd_host_for 15 nft -t -a list ruleset ;;
    *) nd_get nft nft nd_list $nd_t ;;
  esac
}
nd_all | awk '
  function keep(kind, chain, n, t) {
    if (length(t) > 500) t = substr(t, 1, 500) " ..."
    t = kind "\\t" who "\\t" table "\\t" chain "\\t" n "\\t" t
    if (n == "0") { if (z < 500) zero[z++] = t } else if (m < 500) { m++; print t } else cut = 1
  }
  function bare(s) { if (index(s, "\\"")) gsub(/"([^"\\\\]|\\\\.)*"/, "\\"\\"", s); return s }
  function add(c, t) { if (closed(c)) return; if (nrules < 8000) { nrules++; r[c, ++cnt[c]] = t } else cutway = 1 }
  function closed(c) { return c ~ /^KUBE-(SERVICES|EXTERNAL-SERVICES|NODEPORTS|PROXY-FIREWALL|POD-FW-|NWPLCY-)|^cali-[ftp][wo]-/ } # never accepts all of pods
  function forget() { split("", cnt); split("", r); split("", stop); split("", named); nrules = nfwd = 0 }
  function walk(c,    i, t, n, a) { # the rules of a chain, then those it jumps to
    if (walked[who, table, c]++) return
    for (i = 1; i <= cnt[c]; i++) {
      if (ways++ >= 300) { cutway = 1; return }
      print "way\\t" who "\\t" table "\\t" c "\\t" substr(r[c, i], 1, 500)
    }
    for (i = 1; i <= cnt[c]; i++) {
      t = bare(r[c, i])
      if (!match(t, / (-j|-g|jump|goto) [^ ]+/) && !match(t, /^(jump|goto) [^ ]+/)) continue
      n = split(substr(t, RSTART, RLENGTH), a, " ")
      if ((a[n] in cnt) && !closed(a[n])) walk(a[n])
    }
  }
  function forward(c, p) { # a base chain of forwarded packets: its way is told where it does not end by letting them pass
    print "fwd\\t" who "\\t" table "\\t" c "\\t" p
    if (p != "ACCEPT" || stop[c]) walk(c)
  }
  /^@@ / {
    if ($0 == "@@ whole") print "seen\\t" of
    else print "blind\\t" of "\\t" substr($0, 4)
    who = ""; next
  }
  /^@ / { of = who = substr($0, 3); nft = who == "nft"; table = ""; next }
  !nft && /^\\*/ { table = substr($0, 2); forget(); policy = ""; next }
  !nft && /^COMMIT/ { if (policy != "" && table == "filter") forward("FORWARD", policy); split(who, w, " "); if (w[1] != "legacy") done[w[2] " " table] = 1; next }
  !nft && /^:/ {
    c = substr($1, 2); cnt[c] += 0
    if (c ~ /^(ufw-before|INPUT_direct|DOCKER$)/) print "tool\\t" who "\\t" table "\\t" c
    if (c == "FORWARD") policy = $2
    if ($2 == "DROP") { split($3, s, /[^0-9]+/); keep("policy", c, s[2] == "0" && who !~ /^legacy/ ? "-" : s[2], $1 " " $2) }
    next
  }
  !nft && /^\\[[0-9]+:[0-9]+\\] -A / {
    t = substr($0, index($0, " ") + 1)
    if (table == "filter") add($3, t)
    if (!index(t, "-j DROP") && !index(t, "-j REJECT")) next
    split($1, s, /[^0-9]+/); b = bare(t) " "
    if (table == "filter" && b ~ /^-A [^ ]+ (-m comment --comment ("[^"]*"|[^ ]+) )?-j (DROP|REJECT) /) stop[$3] = 1
    if (b ~ / -j (DROP|REJECT) /) keep("rule", $3, s[2], t)
    next
  }
  !nft { next }
  /^table / { who = "nft " $2; table = $3; skip = ($2 " " $3) in done; forget(); next }
  skip { next }
  /^}/ { for (i = 1; i <= nfwd; i++) forward(fc[i], fp[i]); forget(); chain = ""; next }
  /^\\tchain / { chain = $2; cnt[chain] += 0; next }
  /^\\tcounter / { object = $2; next }
  /^\\t}/ { chain = ""; object = ""; next }
  object != "" && $1 == "packets" { named[object] = $2 }
  chain == "" { next }
  {
    t = $0; sub(/^[ \\t]+/, "", t); b = bare(t)
    if (b ~ /^comment ""/) next
    if (b ~ /^type [a-z0-9]+ hook /) {
      p = b ~ /policy drop;/ ? "DROP" : "ACCEPT"
      if (p == "DROP") keep("policy", chain, "-", t)
      if ($4 == "forward" && who ~ /^nft (ip|ip6|inet)$/ && table != "kube-proxy") { fc[++nfwd] = chain; fp[nfwd] = p }
      next
    }
    n = "-"
    if (match(b, /counter packets [0-9]+ bytes [0-9]+/)) { split(substr(b, RSTART, RLENGTH), s, " "); n = s[3] }
    else if (match(t, /counter name "?[^" ]+/)) { c = substr(t, RSTART + 13, RLENGTH - 13); sub(/^"/, "", c); if (c in named) n = named[c] }
    sub(/counter packets [0-9]+ bytes [0-9]+/, "counter", t); sub(/counter (packets [0-9]+ bytes [0-9]+|name ("[^"]*"|[^ ]+))/, "counter", b)
    add(chain, t)
    if (b ~ /^(counter )?(log [a-z0-9" ]*)?(drop|reject)( |$)/) stop[chain] = 1
    sub(/ # handle [0-9]+$/, "", b)
    if ((" " b " ") !~ /[ :](drop|reject)[ ,]/ || b ~ /(jump|goto) (drop|reject)$/) next
    # a counter that stands before a condition counts what is looked at, not what is dropped
    keep("rule", chain, b ~ /counter (log [a-z0-9" ]*)?(drop|reject)( |$)/ ? n : "-", t)
  }
  END {
    for (i = 0; i < z && m < 500; i++) { m++; print zero[i] }
    if (cut) print "cut"
    if (cutway) print "cutway"
    print "end"
  }'
`;

/** See the script above. */
export const firewallRules = script(
  'firewall/rules',
  'iptables-legacy-save -c; iptables-nft-save -c; nft -a list ruleset, and the same for IPv6: what drops',
  text,
  { sampling: 'twice', requires: ['SYS_CHROOT', 'NET_ADMIN'], uses: ['NET_RAW'] },
);
