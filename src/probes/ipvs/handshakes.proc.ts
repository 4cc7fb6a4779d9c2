import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type Handshakes, type HangingHandshake, handshakes } from '../../facts/ipvs/handshakes.ts';
import { type IpVsConnRow, parseIpVsConnRow } from '../../parsers/ip-vs-conn.ts';
import { type ConntrackRow, parseConntrackRow } from '../../parsers/nf-conntrack.ts';
import { bothEnds } from '../both-ends.ts';

/** Seconds of IPVS's own time-outs, which cannot be set (net/netfilter/ipvs/ip_vs_proto_tcp.c, tcp_timeouts). */
const synRecvSeconds = 60;
const timeWaitSeconds = 120;

/**
 * Rows in SYN_RECV, at most 200 each of this node's own and of others' clients; of their virtual server and backend the youngest row in
 * TIME_WAIT; and their conntrack entries by the ports. A virtual server on an address of the node that is not kube-ipvs0's is a NodePort:
 * ports/nodeport-victims looks at these.
 */
const text = `
[ -e /proc/net/ip_vs_conn ] || exit 0
nd_need awk ip
nd_addr=$(ip -o addr show) || exit
nd_rows=$(printf '%s\\n' "$nd_addr" | awk '
  function groups(a,    g, n, i, r) {
    n = split(a, g, ":"); r = ""
    for (i = 1; i <= n; i++) if (g[i] != "") r = r substr("0000" tolower(g[i]), length(g[i]) + 1)
    return r
  }
  function full(a,    h, t, n, m, i, r) { # IPv6 text to 32 hex digits
    n = split(a, h, "::"); r = groups(h[1])
    if (n > 1) { t = groups(h[2]); m = 32 - length(r) - length(t); for (i = 0; i < m; i++) r = r "0"; r = r t }
    return r
  }
  function key(a) { if (a ~ /:/) { gsub(/:/, "", a); a = tolower(a) } return a }
  FNR == NR { # the addresses, from standard input
    a = $4; sub(/\\/.*/, "", a); k = ""
    if ($3 == "inet") { split(a, o, "."); k = sprintf("%02X%02X%02X%02X", o[1], o[2], o[3], o[4]) }
    if ($3 == "inet6") k = full(a)
    if (k != "") mine[k] = 1
    if (k != "" && $2 != "kube-ipvs0" && $2 != "kube-dummy-if") node[k] = 1
    next
  }
  $1 != "TCP" { next }
  $8 == "SYN_RECV" {
    if (key($4) in node) next
    l = (key($2) in mine) ? "own" : "other"
    if (n[l]++ >= 200) { cut[l] = 1; next }
    print l "\\t" $0; want[$4, $5, $6, $7, l] = 1
    next
  }
  $8 == "TIME_WAIT" {
    k = $4 SUBSEP $5 SUBSEP $6 SUBSEP $7 SUBSEP ((key($2) in mine) ? "own" : "other")
    if (!(k in late) || $9 + 0 > late[k] + 0) { late[k] = $9; row[k] = $0 }
  }
  END {
    for (k in want) if (k in row) { split(k, p, SUBSEP); print "through\\t" p[5] "\\t" row[k] }
    for (l in cut) print "cut\\t" l
  }' - /proc/net/ip_vs_conn) || exit
[ -n "$nd_rows" ] || exit 0
printf '%s\\n' "$nd_rows"
[ -r /proc/net/nf_conntrack ] || exit 0
printf '%s\\n' "$nd_rows" | awk '
  function dec(h,    i, n) { n = 0; for (i = 1; i <= 4; i++) n = n * 16 + index("0123456789ABCDEF", substr(h, i, 1)) - 1; return n }
  FNR == NR { if ($1 == "own") want["sport=" dec($4), "dport=" dec($6)] = 1; next }
  $3 == "tcp" && (($9, $10) in want) && n++ < 400 { print "flow\\t" $0 }' - /proc/net/nf_conntrack
exit 0
`;

interface Sample {
  readonly rows: readonly { readonly row: IpVsConnRow; readonly local: boolean }[];
  readonly through: readonly { readonly row: IpVsConnRow; readonly local: boolean }[];
  readonly flows: readonly ConntrackRow[];
  readonly cut: boolean;
}

const sampleOf = (stdout: string): Sample => {
  const lines = stdout.split('\n').map((l) => l.split('\t'));
  const rowsOf = (pairs: readonly (readonly [who: string | undefined, row: string | undefined])[]) =>
    pairs.flatMap(([who, line]) => {
      const row = parseIpVsConnRow(line ?? '');
      return row ? [{ row, local: who === 'own' }] : [];
    });
  return {
    rows: rowsOf(lines.filter(([t]) => t === 'own' || t === 'other').map(([t, line]) => [t, line])),
    through: rowsOf(lines.filter(([t]) => t === 'through').map(([, who, line]) => [who, line])),
    flows: lines.flatMap(([t, line]) => {
      const flow = t === 'flow' ? parseConntrackRow(line ?? '') : null;
      return flow ? [flow] : [];
    }),
    cut: lines.some(([t, who]) => t === 'cut' && who === 'own'),
  };
};

const nameOf = (r: IpVsConnRow): string =>
  `${r.client.ip} ${r.client.port} ${r.virtual.ip} ${r.virtual.port} ${r.backend.ip} ${r.backend.port}`;

/** The source that the backend sees is where its reply goes to. */
const replyTo = (r: IpVsConnRow, flows: readonly ConntrackRow[]): string | null => {
  const flow = flows.find(
    ({ original: o }) =>
      o.source.ip === r.client.ip &&
      o.source.port === r.client.port &&
      o.destination.ip === r.virtual.ip &&
      o.destination.port === r.virtual.port,
  );
  return flow?.reply.destination.ip ?? null;
};

/** See the script above. A handshake takes one round trip; what is in SYN_RECV at both ends of the window hangs. */
export const handshakesProc = probe({
  yields: handshakes,
  via: 'proc',
  reads: {
    table: script('ipvs/handshakes', 'grep SYN_RECV /proc/net/ip_vs_conn', text, { sampling: 'twice' }),
  },
  parse: ({ table }) => {
    const ends = bothEnds(table, 'whether a handshake hangs or is under way is not known');
    if (!ends.ok) return ends;
    const [before, after] = [sampleOf(ends.value.first.stdout), sampleOf(ends.value.last.stdout)];
    const old = new Set(before.rows.map(({ row }) => nameOf(row)));
    const hanging = after.rows.flatMap(({ row, local }): HangingHandshake[] => {
      if (!old.has(nameOf(row))) return [];
      const { protocol, client, virtual, backend, state } = row;
      const quietSeconds = Math.max(0, synRecvSeconds - row.expiresSeconds);
      return [{ protocol, client, virtual, backend, state, local, quietSeconds, replyTo: replyTo(row, after.flows) }];
    });
    if (after.cut && !hanging.some((h) => h.local))
      return missing('truncated', 'more than 200 handshakes of this node are under way: the rest was not looked at');
    const found: Handshakes = {
      seconds: ends.value.seconds,
      hanging,
      through: after.through.map(({ row, local }) => ({
        virtual: row.virtual,
        backend: row.backend,
        local,
        quietSeconds: Math.max(0, timeWaitSeconds - row.expiresSeconds),
      })),
    };
    return known(found);
  },
});
