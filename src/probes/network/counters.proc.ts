import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { counters } from '../../facts/network/counters.ts';
import { countersOf } from './counters-of.ts';
import { spacesShell } from './spaces-shell.ts';

/** Which counters leave the node. */
const wanted = [
  'Ip.InDiscards Ip.OutDiscards Ip.FragFails Ip.ReasmFails Tcp.RetransSegs Tcp.AttemptFails',
  'Udp.OutDatagrams Udp6.OutDatagrams',
  'Udp.InErrors Udp.RcvbufErrors Udp.SndbufErrors Udp.MemErrors Udp6.InErrors Udp6.RcvbufErrors Udp6.SndbufErrors Udp6.MemErrors',
  'TcpExt.ListenOverflows TcpExt.ListenDrops TcpExt.TCPReqQFullDrop TcpExt.TCPReqQFullDoCookies TcpExt.SyncookiesSent',
  'TcpExt.PruneCalled TcpExt.RcvPruned TcpExt.OfoPruned TcpExt.TCPRcvQDrop TcpExt.TCPBacklogDrop TcpExt.TCPZeroWindowDrop',
  'TcpExt.TCPMemoryPressures TcpExt.TCPAbortOnMemory TcpExt.TCPTimeWaitOverflow TcpExt.IPReversePathFilter TcpExt.TCPMTUPFail',
  'conntrack.entries conntrack.clashres conntrack.insert_failed conntrack.drop conntrack.early_drop',
  'sockstat.TCP.inuse sockstat.TCP.orphan sockstat.TCP.tw sockstat.TCP.alloc sockstat.TCP.mem sockstat.UDP.inuse sockstat.UDP.mem',
].join(' ');

/**
 * One awk for all namespaces: `getline` passes over a process that is gone, where a file among the arguments would end some awks. By the names in the
 * headers, since columns come and go (facts B.1, C). conntrack's columns are hexadecimal, one line per CPU, and `entries` is the same on each.
 */
const text = `${spacesShell}
nd_need ls awk
nd_spaces | awk -v want="${wanted}" '
  function hex(h,    i, n) { n = 0; for (i = 1; i <= length(h); i++) n = n * 16 + index("0123456789abcdef", tolower(substr(h, i, 1))) - 1; return n }
  function see(name, value) {
    if (!(name in asked)) return
    if (!(name in has)) { has[name] = 1; names = names "\\t" name }
    if (value != "0") row = row "\\t" name "=" value
  }
  function pairs(f,    a, b, n, m, i) { # snmp, netstat: a line of names, then one of values
    while ((getline l < f) > 0) {
      n = split(l, a, " ")
      if ((getline l < f) <= 0) break
      m = split(l, b, " ")
      if (a[1] != b[1] || n != m) continue
      t = substr(a[1], 1, length(a[1]) - 1)
      for (i = 2; i <= n; i++) see(t "." a[i], b[i])
    }
    close(f)
  }
  BEGIN { n = split(want, a, " "); for (i = 1; i <= n; i++) asked[a[i]] = 1 }
  {
    row = ""; d = "/proc/" $2 "/net/"
    pairs(d "snmp"); pairs(d "netstat")
    f = d "snmp6"
    while ((getline l < f) > 0) { split(l, a, " "); if (substr(a[1], 1, 4) == "Udp6") see("Udp6." substr(a[1], 5), a[2]) }
    close(f)
    f = d "sockstat"
    while ((getline l < f) > 0) {
      n = split(l, a, " "); t = substr(a[1], 1, length(a[1]) - 1)
      for (i = 2; i < n; i += 2) see("sockstat." t "." a[i], a[i + 1])
    }
    close(f)
    f = d "stat/nf_conntrack"; cols = 0
    while ((getline l < f) > 0) {
      n = split(l, a, " ")
      if (!cols) { cols = n; for (i = 1; i <= n; i++) { col[i] = a[i]; sum[i] = 0 } continue }
      if (n != cols) continue
      for (i = 1; i <= n; i++) if (("conntrack." col[i]) in asked) sum[i] = col[i] == "entries" ? hex(a[i]) : sum[i] + hex(a[i])
    }
    close(f)
    for (i = 1; i <= cols; i++) see("conntrack." col[i], sprintf("%.0f", sum[i]))
    print "c\\t" $1 row
  }
  END { print "names" names }'
`;

/** See the script above. */
export const countersProc = probe({
  yields: counters,
  via: 'proc',
  reads: {
    samples: script(
      'network/counters',
      'cat /proc/<pid>/net/{snmp,snmp6,netstat,sockstat,stat/nf_conntrack} of each network namespace',
      text,
      { sampling: 'twice' },
    ),
  },
  parse: ({ samples }) => (samples.ok ? countersOf(samples.outputs.at(-1) ?? samples.outputs[0]) : samples),
});
