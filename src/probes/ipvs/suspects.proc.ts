import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type Output, script } from '../../core/read.ts';
import { type IpvsConnection, type LocalTuple, suspects } from '../../facts/ipvs/suspects.ts';
import { isLittleEndian } from '../../parsers/byte-order.ts';
import { parseIpVsRow } from '../../parsers/ip-vs.ts';
import { parseIpVsConnRow } from '../../parsers/ip-vs-conn.ts';
import { parseConntrackRow } from '../../parsers/nf-conntrack.ts';
import { parseOwner } from '../../parsers/owners.ts';
import { parseSocketRow, type SocketRow } from '../../parsers/proc-net-sockets.ts';

/** Sockets in SYN_SENT (and connected UDP sockets) whose local port has a virtual server, with their owners, while they live. */
const socketsScript = `
[ -e /proc/net/ip_vs ] || exit 0
nd_need awk uname
set --
for nd_f in /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6; do [ -r "$nd_f" ] && set -- "$@" "$nd_f"; done
nd_rows=$(awk '
  FILENAME == "/proc/net/ip_vs" {
    if ($1 == "TCP" || $1 == "UDP") server[$1, substr($2, length($2) - 3)] = 1
    next
  }
  ($4 == "02" && FILENAME ~ /tcp/) || ($4 == "01" && FILENAME ~ /udp/) {
    if (!(((FILENAME ~ /tcp/ ? "TCP" : "UDP"), substr($2, length($2) - 3)) in server)) next
    if (n++ >= 200) { cut = 1; next }
    print "row\\t" (FILENAME ~ /tcp/ ? "TCP" : "UDP") "\\t" $10 "\\t" $0
  }
  END { if (cut) print "cut" }' /proc/net/ip_vs "$@") || exit
[ -n "$nd_rows" ] || exit 0
echo "arch $(uname -m)"
printf '%s\\n' "$nd_rows"
nd_owners $(printf '%s\\n' "$nd_rows" | awk -F '\\t' '{ print $3 }')
exit 0
`;

/**
 * One pass at the window's end: conntrack entries not yet answered whose original source port has a virtual server (they stay 60 s
 * and more when the socket is long gone), and those rows of ip_vs_conn that mirror them or a socket by their ports.
 */
const tablesScript = `
[ -e /proc/net/ip_vs ] || exit 0
nd_need awk
set -- /proc/net/ip_vs
for nd_f in /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6; do [ -r "$nd_f" ] && set -- "$@" "$nd_f"; done
nd_tables() {
  awk '
  FILENAME == "/proc/net/ip_vs" {
    if ($1 != "TCP" && $1 != "UDP" && $1 != "SCTP") next
    k = $1 " " substr($2, length($2) - 3)
    server[k] = server[k] $0 "\\n"
    next
  }
  FILENAME ~ /^\\/proc\\/net\\/(tcp|udp)/ {
    t = (FILENAME ~ /tcp/ ? "TCP" : "UDP")
    if (t == "TCP" ? $4 != "02" : $4 != "01") next
    s = substr($2, length($2) - 3); d = substr($3, length($3) - 3)
    if ((t " " s) in server) suspect[t " " d " " s] = t " " s
    next
  }
  FILENAME == "/proc/net/ip_vs_conn" {
    k = $1 " " $3 " " $5
    if (!(k in suspect)) next
    if (m++ >= 500) { cut = 1; next }
    print "conn\\t" $0; used[suspect[k]] = 1
    next
  }
  $0 == "whole" { print "conntrack conntrack -L"; next } # the last line of a conntrack -L that did not fail
  {
    t = toupper($3); s = d = -1
    if (t == "TCP" && $6 != "SYN_SENT" && $6 != "SYN_RECV") next
    for (i = 6; i <= NF; i++) {
      if (s < 0 && substr($i, 1, 6) == "sport=") s = substr($i, 7) + 0
      if (d < 0 && substr($i, 1, 6) == "dport=") d = substr($i, 7) + 0
    }
    s = sprintf("%04X", s); d = sprintf("%04X", d)
    if (!((t " " s) in server)) next
    if (n++ >= 500) { cut = 1; next }
    suspect[t " " d " " s] = t " " s
    print "flow\\t" $0
  }
  END { if (cut) print "cut"; for (k in used) { c = split(server[k], r, "\\n"); for (i = 1; i < c; i++) print "server\\t" r[i] } }
  ' "$@"
}
if [ -r /proc/net/nf_conntrack ]; then
  echo conntrack /proc/net/nf_conntrack
  nd_tables "$@" /proc/net/nf_conntrack /proc/net/ip_vs_conn || exit
elif nd_host conntrack --version >/dev/null 2>&1; then
  { nd_host conntrack -L -o extended 2>/dev/null && echo whole; } | nd_tables "$@" - /proc/net/ip_vs_conn || exit
else
  nd_tables "$@" /proc/net/ip_vs_conn || exit
fi
for nd_f in nf_conntrack_tcp_timeout_syn_recv nf_conntrack_tcp_timeout_syn_sent; do
  nd_v=$(cat "/proc/sys/net/netfilter/$nd_f" 2>/dev/null) && echo "limit $nd_f $nd_v"
done
exit 0
`;

const fromSocket = (protocol: 'TCP' | 'UDP', row: SocketRow, owner: LocalTuple['owner']): LocalTuple => ({
  protocol,
  source: row.local,
  destination: row.remote,
  state: row.state,
  seenIn: 'socket',
  owner,
  ageSeconds: null,
});

const socketsOf = (output: Output): LocalTuple[] | null => {
  const lines = output.stdout.split('\n');
  const rows = lines.filter((l) => l.startsWith('row\t'));
  if (rows.length === 0) return [];
  const little = isLittleEndian(lines);
  if (little === null) return null;
  const owners = lines.flatMap((l) => parseOwner(l) ?? []);
  return rows.flatMap((l) => {
    const [, protocol, inode, ...rest] = l.split('\t');
    const row = parseSocketRow(rest.join('\t'), little);
    if (!row || (protocol !== 'TCP' && protocol !== 'UDP')) return [];
    return [fromSocket(protocol, row, owners.find((o) => o.inode === inode) ?? null)];
  });
};

const flowOf = (line: string, limits: ReadonlyMap<string, number>): LocalTuple[] => {
  const row = parseConntrackRow(line);
  const protocol = row?.protocol.toUpperCase();
  if (!row || (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP')) return [];
  const limit = limits.get(`nf_conntrack_tcp_timeout_${row.state.toLowerCase()}`);
  const ageSeconds =
    protocol === 'TCP' && limit !== undefined && limit >= row.timeoutSeconds ? limit - row.timeoutSeconds : null;
  return [{ protocol, ...row.original, state: row.state, seenIn: 'conntrack', owner: null, ageSeconds }];
};

const sameTuple = (a: LocalTuple, b: LocalTuple): boolean =>
  a.protocol === b.protocol &&
  a.source.ip === b.source.ip &&
  a.source.port === b.source.port &&
  a.destination.ip === b.destination.ip &&
  a.destination.port === b.destination.port;

/** Each connection once; a socket tells more than its conntrack entry, and one whose owner was seen more than one without. */
const distinct = (tuples: readonly LocalTuple[]): LocalTuple[] => {
  const out: LocalTuple[] = [];
  for (const t of [...tuples].sort(
    (a, b) =>
      Number(b.owner !== null) - Number(a.owner !== null) ||
      Number(b.seenIn === 'socket') - Number(a.seenIn === 'socket'),
  )) {
    if (!out.some((o) => sameTuple(o, t))) out.push(t);
  }
  return out;
};

/** See the scripts above, and facts, last section: what a victim is. */
export const suspectsProc = probe({
  yields: suspects,
  via: 'proc',
  reads: {
    sockets: script('ipvs/suspect-sockets', 'ss -Htan state syn-sent, source ports of virtual servers', socketsScript, {
      sampling: 'often',
      uses: ['SYS_PTRACE', 'DAC_READ_SEARCH'],
    }),
    tables: script(
      'ipvs/suspect-tables',
      'cat /proc/net/nf_conntrack /proc/net/ip_vs_conn, source ports of virtual servers',
      tablesScript,
      {
        sampling: 'end',
        uses: ['NET_ADMIN', 'SYS_CHROOT'],
      },
    ),
  },
  parse: ({ sockets, tables }) => {
    if (!tables.ok) return tables;
    if (!sockets.ok) return sockets;
    const seen = sockets.outputs.map(socketsOf);
    if (seen.includes(null)) return missing('unparsable', 'the machine did not say what it is (uname -m)');
    const lines = tables.outputs[0].stdout.split('\n');
    const tagged = (tag: string): string[] =>
      lines.filter((l) => l.startsWith(`${tag}\t`)).map((l) => l.slice(tag.length + 1));
    const limits = new Map<string, number>();
    for (const l of lines) {
      const m = /^limit (\w+) (\d+)$/.exec(l);
      if (m) limits.set(m[1] ?? '', Number(m[2]));
    }
    const flows = tagged('flow').flatMap((l) => flowOf(l, limits));
    const connections = tagged('conn').flatMap((l): IpvsConnection[] => {
      const row = parseIpVsConnRow(l);
      return row ? [row] : [];
    });
    const servers = tagged('server').flatMap((l) => {
      const row = parseIpVsRow(l);
      return row ? [{ protocol: row.protocol, end: { ip: row.ip, port: row.port } }] : [];
    });
    return known({
      tuples: distinct([...seen.flatMap((s) => s ?? []), ...flows]),
      connections,
      servers,
    });
  },
});
