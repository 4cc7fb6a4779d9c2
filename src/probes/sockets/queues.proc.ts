import { missing, type Reading } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type Queues, queues } from '../../facts/sockets/queues.ts';
import { bothEnds } from '../both-ends.ts';
import { spacesShell } from '../network/spaces-shell.ts';
import { queuesBetween } from './queues-between.ts';

/**
 * The tables of sockets are read only in those namespaces whose counters say that some queue ever overflowed: a TCP table costs a walk over
 * the whole machine's, whoever's namespace it is. One awk for all. Of each namespace: listening sockets with waiting connections (200 in all)
 * and without (40), half-open connections by port, connections with 64 KiB or more unread (40) where segments were thrown away, UDP sockets that dropped (100) or have something unsent where sending failed. Owners, backlogs
 * and settings once, at the window's end; a namespace that is not ours can be entered with SYS_ADMIN only, and is asked for nothing else.
 */
const text = `${spacesShell}
nd_need ls awk uname cat
nd_rows=$(nd_spaces | awk '
  function counted(f, t, want,    l, a, b, n, i, hit) {
    hit = 0
    while ((getline l < f) > 0) {
      if (index(l, t ": ") != 1) continue
      n = split(l, a, " ")
      if ((getline l < f) <= 0) break
      split(l, b, " ")
      for (i = 2; i <= n; i++) if (index(want, " " a[i] " ") && b[i] + 0 > 0) hit = 1
    }
    close(f)
    return hit
  }
  function tcp(t,    f) {
    f = d t
    while ((getline < f) > 0) {
      if ($4 == "03") { syn[substr($2, length($2) - 3)]++; continue }
      if ($4 != "0A") {
        if (!heavy || substr($5, 10) < "00010000" || ($4 != "01" && $4 != "08") || ++big > 40) continue
        print "row\\t" id "\\t" t "\\t" $10 "\\t" $0
        continue
      }
      if (substr($5, 10) != "00000000" ? ++many > 200 : ++few > 40) { cut = 1; continue }
      print "row\\t" id "\\t" t "\\t" $10 "\\t" $0
    }
    close(f)
  }
  function udp(t,    f) {
    f = d t
    while ((getline < f) > 0) {
      if (NF != 13 || $13 !~ /^[0-9]/ || ($13 == "0" && !(unsent && substr($5, 1, 8) != "00000000"))) continue
      if (++few > 100) { cut = 1; continue }
      print "row\\t" id "\\t" t "\\t" $10 "\\t" $0
    }
    close(f)
  }
  {
    id = $1; p = $2; d = "/proc/" p "/net/"; where = NR == 1 ? "own" : "other"
    heavy = counted(d "netstat", "TcpExt", " RcvPruned TCPRcvQDrop TCPBacklogDrop TCPZeroWindowDrop ")
    if (heavy || counted(d "netstat", "TcpExt", " ListenOverflows ListenDrops TCPReqQFullDrop TCPReqQFullDoCookies ")) {
      cut = few = n = big = 0
      tcp("tcp"); tcp("tcp6")
      for (k in syn) if (n++ < 100) print "syn\\t" id "\\t" k "\\t" syn[k]
      for (k in syn) delete syn[k]
      print "space\\t" id "\\t" p "\\t" where "\\ttcp"
      if (cut) print "cut\\t" id "\\ttcp"
    }
    u = counted(d "snmp", "Udp", " InErrors "); unsent = counted(d "snmp", "Udp", " SndbufErrors ")
    f = d "snmp6"
    while ((getline l < f) > 0) {
      split(l, a, " ")
      if (a[2] + 0 > 0 && a[1] == "Udp6InErrors") u = 1
      if (a[2] + 0 > 0 && a[1] == "Udp6SndbufErrors") unsent = 1
    }
    close(f)
    if (u || unsent) {
      cut = few = 0
      udp("udp"); udp("udp6")
      print "space\\t" id "\\t" p "\\t" where "\\tudp"
      if (cut) print "cut\\t" id "\\tudp"
    }
  }') || exit
echo "arch $(uname -m)"
[ -n "$nd_rows" ] || exit 0
printf '%s\\n' "$nd_rows"
[ "$nd_n" != 0 ] || [ "$nd_window" = 0 ] || exit 0
nd_inodes=$(printf '%s\\n' "$nd_rows" | awk -F '\\t' '$1 == "row" { printf "%s ", $4 }')
nd_owners $nd_inodes
nd_ask='for f in core/somaxconn ipv4/tcp_max_syn_backlog ipv4/tcp_syncookies; do echo "set $f $(cat /proc/sys/net/$f)"; done'
nd_told() {
  awk -v id="$1" -v want="$nd_inodes" '
    BEGIN { n = split(want, a, " "); for (i = 1; i <= n; i++) w["ino:" a[i]] = a[i] }
    $1 == "set" && NF == 3 { print "set\\t" id "\\t" $2 "\\t" $3 }
    $1 == "LISTEN" { for (i = 4; i <= NF; i++) if ($i in w) { print "backlog\\t" id "\\t" w[$i] "\\t" $3; break } }'
}
printf '%s\\n' "$nd_rows" | awk -F '\\t' '$1 == "space" && $5 == "tcp" && n++ < 30 { print $2, $3, $4 }' | while read -r nd_i nd_p nd_o; do
  if [ "$nd_o" = own ]; then
    { eval "$nd_ask"; nd_host ss -Hltne; } 2>/dev/null | nd_told "$nd_i"
  elif [ "$nd_o" = other ]; then
    nd_host nsenter -t "$nd_p" -n true >/dev/null 2>&1 || break
    nd_host nsenter -t "$nd_p" -n sh -c "$nd_ask; ss -Hltne" 2>/dev/null | nd_told "$nd_i"
  fi
done
exit 0
`;

/** See the script above. */
export const queuesProc = probe({
  yields: queues,
  via: 'proc',
  reads: {
    rows: script(
      'sockets/queues',
      'ss -Hltne; cat /proc/<pid>/net/{tcp,tcp6,udp,udp6} of network namespaces whose queues ever overflowed',
      text,
      { sampling: 'twice', uses: ['SYS_PTRACE', 'DAC_READ_SEARCH', 'SYS_CHROOT', 'SYS_ADMIN'] },
    ),
  },
  parse: ({ rows }): Reading<Queues> => {
    const ends = bothEnds(rows, 'what sockets dropped within a time is not known');
    if (!ends.ok) return ends;
    const found = queuesBetween(ends.value.first.stdout, ends.value.last.stdout);
    return found.ok ? found : missing('unparsable', found.gap.detail);
  },
});
