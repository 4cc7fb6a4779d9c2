import { known, missing } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import type { Owner } from '../../facts/sockets/owner.ts';
import { type PortUse, portUse } from '../../facts/sockets/port-use.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { countPorts } from '../../lib/port-ranges.ts';
import { type OwnerRow, parseOwner } from '../../parsers/owners.ts';
import { parsePortUse } from '../../parsers/port-use.ts';
import { isLittleEndian } from '../byte-order.ts';
import { spacesShell } from '../network/spaces-shell.ts';

/** With fewer sockets a destination is not told. */
const fewest = 16;
/** How many rows are told, the largest. */
const most = 300;

/**
 * One awk over the socket tables of all namespaces. A connection that came in has a listener's port (the kernel prints listeners first). IPv4 on an
 * IPv6 socket shares its ports with IPv4, so its address is made one. Ports of four hex digits compare as texts. The tables are in the order of a
 * hash, so the first inodes are a fair sample. Another namespace's sysctls are told where nsenter may enter it (`--rights full`, root on the node).
 * Owners are looked for only of what takes more than half of its ports.
 */
const text = `${spacesShell}
nd_need ls awk cat sort uname
nd_sys() {
  "$@" cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/ip_local_reserved_ports /proc/sys/net/ipv4/tcp_tw_reuse /proc/sys/net/ipv4/tcp_timestamps 2>/dev/null |
    awk '{ gsub(/\\t/, " "); row = row "\\t" $0 } END { if (NR == 4) print row }'
}
nd_own=$(nd_sys)
nd_list=$(nd_spaces)
[ -n "$nd_own" ] && [ -n "$nd_list" ] || { echo 'cannot read /proc/sys/net/ipv4 or /proc/PID/net' >&2; exit 1; }
echo "arch $(uname -m)"
nd_rows=$(printf '%s\\n' "$nd_list" | awk -v range="$nd_own" '
  function tcp(f,    l, q, i, la, lp, ra, k) {
    while ((getline l < f) > 0) {
      split(l, q, " ")
      i = index(q[2], ":"); la = substr(q[2], 1, i - 1); lp = substr(q[2], i + 1); ra = q[3]
      if (q[4] == "0A") { listen[lp] = 1; continue }
      if (!(lp >= lo && lp <= hi) || (lp in listen) || ra !~ /:[0-9A-F]*[1-9A-F]/) continue
      if (i == 33 && la ~ /^0000000000000000(FFFF0000|0000FFFF)/) { la = substr(la, 25); ra = substr(ra, 25) }
      n[k = la "\\t" ra]++
      rows[la]++
      if (q[4] == "06") { tw[k]++; stw[la]++ }
      else if (n[k] >= 8 && n[k] - tw[k] < 14) ino[k] = ino[k] "," q[10]
      else if (rows[la] >= 8 && rows[la] - stw[la] < 14) sino[la] = sino[la] "," q[10]
      if ((k = la lp) in seen) continue
      seen[k] = 1; ports[la]++
      if (!(la in min) || lp < min[la]) min[la] = lp
      if (lp > max[la] "") max[la] = lp
    }
    close(f)
  }
  function udp(f,    l, q, i, lp) {
    while ((getline l < f) > 0) {
      split(l, q, " ")
      lp = substr(q[2], index(q[2], ":") + 1)
      if (host && q[4] == "07") listen[lp] = 1
      if (!(lp >= lo && lp <= hi) || (lp in used)) continue
      used[lp] = 1; u++
      if (umin == "" || lp < umin) umin = lp
      if (lp > umax "") umax = lp
    }
    close(f)
  }
  BEGIN { split(range, r, /[ \\t]+/); from = sprintf("%04X", r[2]); to = sprintf("%04X", r[3]) }
  NF == 2 {
    split("", listen); split("", n); split("", rows); split("", tw); split("", stw); split("", ino); split("", sino)
    split("", seen); split("", ports); split("", min); split("", max); split("", used); u = 0; umin = umax = ""
    host = NR == 1; lo = host ? from : "0400"; hi = host ? to : "FFFF"
    d = "/proc/" $2 "/net/"; s = $1 "\\t" $2
    tcp(d "tcp6"); tcp(d "tcp"); udp(d "udp"); udp(d "udp6")
    for (k in n) if (n[k] >= ${fewest}) print n[k] "\\tdest\\t" s "\\t" tw[k] + 0 "\\t" k "\\t" substr(ino[k], 2)
    for (k in ports) if (ports[k] >= ${fewest})
      print ports[k] "\\tsrc\\t" s "\\t" stw[k] + 0 "\\t" k "\\t" rows[k] "\\t" min[k] "\\t" max[k] "\\t" substr(sino[k], 2)
    if (u >= ${fewest}) print u "\\tudp\\t" s "\\t" umin "\\t" umax
    if (host) {
      i = 0; l = ""
      for (k in listen) if ((k < lo || k > hi) && i++ < 500) l = l " " k
      print "0\\tservers\\t" (i > 500 ? "cut" : l)
    }
  }' | sort -rn | awk '
  $1 > 0 && ++n > ${most} { if (n == ${most} + 1) print "0\\tleft\\t" $1; next }
  { print }') || exit
printf '0\\tsys\\t%s%s\\n%s\\n' "\${nd_list%% *}" "$nd_own" "$nd_rows"
nd_floor=\${nd_port_floor:-28232}
nd_ns=$(printf '%s\\n' "$nd_rows" | awk -F '\\t' -v own="\${nd_list%% *}" '$1 > 0 && $3 != own && !($3 in a) && n++ < 20 { a[$3] = 1; print $3, $4 }')
nd_own="$nd_own
$(printf '%s\\n' "$nd_ns" | while read -r nd_i nd_p; do
  [ -n "$nd_p" ] && nd_has nsenter || break
  nd_v=$(nd_sys nsenter -t "$nd_p" -n)
  [ -n "$nd_v" ] || break
  printf '0\\tsys\\t%s%s\\n' "$nd_i" "$nd_v"
done)"
printf '%s\\n' "$nd_own" | awk 'NR > 1 && NF'
nd_ino=$({ printf '%s\\n' "$nd_own"; printf '%s\\n' "$nd_rows"; } | awk -F '\\t' -v floor="$nd_floor" '
  $1 == "" || $2 == "sys" { split($1 == "" ? $2 : $4, r, " "); if (r[2] - r[1] + 1 < floor + 0) floor = r[2] - r[1] + 1; next }
  ($2 == "dest" || $2 == "src") && $1 >= floor / 2 && n++ < 20 { gsub(/,/, " ", $NF); print $NF }')
[ -z "$nd_ino" ] || nd_owners $nd_ino
exit 0
`;

/** The process that holds most of these sockets. */
const holderOf = (inodes: readonly string[], owners: ReadonlyMap<string, OwnerRow>): Owner | null => {
  const held = new Map<number, { readonly owner: OwnerRow; readonly count: number }>();
  for (const inode of inodes) {
    const owner = owners.get(inode);
    if (owner) held.set(owner.pid, { owner, count: (held.get(owner.pid)?.count ?? 0) + 1 });
  }
  const [first] = [...held.values()].sort((a, b) => b.count - a.count);
  if (!first) return null;
  const { inode: _, ...owner } = first.owner;
  return owner;
};

const portOf = (hex: string): number[] => (/^[0-9A-F]{4}$/.test(hex) ? [Number.parseInt(hex, 16)] : []);

/** See the script above. */
export const portUseProc = probe({
  yields: portUse,
  via: 'proc',
  reads: {
    rows: script(
      'sockets/port-use',
      'ss -Htan in each network namespace, counted by source address and destination',
      text,
      { sampling: 'end', uses: ['SYS_PTRACE', 'DAC_READ_SEARCH', 'SYS_ADMIN'] },
    ),
  },
  // the smallest range that a pod's spec sets, so that the owners of what fills it are looked for
  params: params({
    from: { pods },
    vars: (maybe): Record<string, string> => {
      const sizes = (maybe.pods.ok ? maybe.pods.value : []).flatMap((p) =>
        p.portRange ? [countPorts([p.portRange])] : [],
      );
      return sizes.length === 0 ? {} : { port_floor: String(Math.min(28232, ...sizes)) };
    },
  }),
  parse: ({ rows }) => {
    if (!rows.ok) return rows;
    const lines = rows.outputs[0].stdout.split('\n');
    const little = isLittleEndian(lines);
    if (little === null) return missing('unparsable', 'the machine did not say what it is (uname -m)');
    const owners = new Map(lines.flatMap((l) => parseOwner(l) ?? []).map((o) => [o.inode, o] as const));
    const found = lines.flatMap((l) => parsePortUse(l, little) ?? []);
    const counted = lines.filter((l) => /^\d+\t(dest|src|udp|sys)\t/.test(l)).length;
    const servers = lines.find((l) => l.startsWith('0\tservers\t'))?.split('\t')[2];
    const [own, ...others] = found.flatMap((r) => (r.kind === 'sysctls' ? [r.use] : []));
    if (!own || servers === undefined || found.length < counted)
      return missing('unparsable', 'the use of source ports is not told as it should be');
    const left = lines.map((l) => /^0\tleft\t(\d{1,9})$/.exec(l)?.[1]).find((n) => n !== undefined);
    const use: PortUse = {
      destinations: found.flatMap((r) =>
        r.kind === 'destination' ? [{ ...r.use, owner: holderOf(r.inodes, owners) }] : [],
      ),
      sources: found.flatMap((r) => (r.kind === 'source' ? [{ ...r.use, owner: holderOf(r.inodes, owners) }] : [])),
      datagrams: found.flatMap((r) => (r.kind === 'datagrams' ? [r.use] : [])),
      sysctls: [own, ...others],
      leftOut: left === undefined ? fewest - 1 : Number(left),
      servers:
        servers === 'cut'
          ? null
          : servers
              .split(' ')
              .flatMap(portOf)
              .sort((a, b) => a - b),
    };
    return known(use);
  },
});
