import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type VirtualServers, virtualServers } from '../../facts/ipvs/virtual-servers.ts';

/**
 * Ports of virtual servers, each once, and whether one of its addresses is the node's own rather than kube-ipvs0's: kube-proxy makes
 * one virtual server per local address and NodePort (measured; facts, IPVS). 50,000 rows become one line a port.
 */
const text = `
[ -e /proc/net/ip_vs ] || { echo none; exit 0; }
nd_addr=$(ip -o addr show 2>/dev/null) && echo addresses
printf '%s\\n' "$nd_addr" | awk '
  function full(a,    h, t, n, m, i, r) { # IPv6 text to 32 hex digits
    n = split(a, h, "::")
    r = groups(h[1])
    if (n > 1) { t = groups(h[2]); m = 32 - length(r) - length(t); for (i = 0; i < m; i++) r = r "0"; r = r t }
    return r
  }
  function groups(a,    g, n, i, r) {
    n = split(a, g, ":"); r = ""
    for (i = 1; i <= n; i++) if (g[i] != "") r = r substr("0000" tolower(g[i]), length(g[i]) + 1)
    return r
  }
  FNR == NR { # the addresses, from standard input
    if ($2 == "kube-ipvs0") next
    a = $4; sub(/\\/.*/, "", a)
    if ($3 == "inet") { split(a, o, "."); mine[sprintf("%02X%02X%02X%02X", o[1], o[2], o[3], o[4])] = 1 }
    if ($3 == "inet6") mine[full(a)] = 1
    next
  }
  $1 == "TCP" || $1 == "UDP" || $1 == "SCTP" {
    count++
    i = length($2) - 4; a = substr($2, 1, i - 1); p = substr($2, i + 1)
    if (a ~ /^\\[/) { gsub(/\\[|\\]|:/, "", a); a = tolower(a) }
    k = $1 "\\t" p
    if (!(k in port)) port[k] = 0
    if (a in mine) port[k] = 1
  }
  END { for (k in port) print "port\\t" k "\\t" port[k]; print "count\\t" count + 0 }
' - /proc/net/ip_vs
`;

/** See the script above; a kernel without IPVS has no virtual servers, and that is known. */
export const virtualServersProc = probe({
  yields: virtualServers,
  via: 'proc',
  reads: { table: script('ipvs/virtual-servers', 'cat /proc/net/ip_vs; ip -o addr show', text) },
  parse: ({ table }) => {
    if (!table.ok) return table;
    const lines = table.outputs[0].stdout.split('\n').map((l) => l.split('\t'));
    if (lines[0]?.[0] === 'none') return known({ count: 0, nodePorts: [] });
    const ports: { protocol: 'TCP' | 'UDP' | 'SCTP'; port: number }[] = [];
    let count = 0;
    for (const [tag, a, b, c] of lines) {
      if (tag === 'count' && /^\d+$/.test(a ?? '')) count = Number(a);
      if (tag !== 'port' || c !== '1' || !/^[0-9A-F]{4}$/.test(b ?? '')) continue;
      if (a === 'TCP' || a === 'UDP' || a === 'SCTP') ports.push({ protocol: a, port: Number.parseInt(b ?? '', 16) });
    }
    ports.sort((x, y) => x.port - y.port || (x.protocol < y.protocol ? -1 : 1));
    const seen: VirtualServers = { count, nodePorts: lines[0]?.[0] === 'addresses' ? ports : null };
    return known(seen);
  },
});
