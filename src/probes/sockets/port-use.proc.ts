import { known, missing } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import type { Owner } from '../../facts/sockets/owner.ts';
import { type PortUse, portUse } from '../../facts/sockets/port-use.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { isLittleEndian } from '../../parsers/byte-order.ts';
import { type OwnerRow, parseOwner } from '../../parsers/owners.ts';
import { parsePortUse } from '../../parsers/port-use.ts';
import { spacesShell } from '../network/spaces-shell.ts';

/** With fewer sockets a destination is not told. */
const fewest = 16;
/** How many rows are told, the largest. */
const most = 300;
/** After each so many sockets of a namespace, destinations of less than one in so many are dropped: many single ones take no more memory. */
const keep = 50_000;

/**
 * One awk over the socket tables of all namespaces. A connection that came in has a listener's port (the kernel prints listeners first). IPv4 on an
 * IPv6 socket shares its ports with IPv4, so its address is made one. Ports of four hex digits compare as texts. The tables are in the order of a
 * hash, so the first inodes are a fair sample. Only ports of the namespace's range count: the host's own, that of the pod's spec (nd_port_ranges), else
 * the kernel's default. Where nsenter may enter (`--rights full`, root on the node) the range is read, and the namespace counted once more if it is
 * another. Many ports outside of it are told ("out"). Owners are looked for only of what takes more than half of the fewest ports.
 */
const text = `${spacesShell}
nd_need ls awk cat sort uname
nd_sys() {
  "$@" cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/ip_local_reserved_ports /proc/sys/net/ipv4/tcp_tw_reuse /proc/sys/net/ipv4/tcp_timestamps 2>/dev/null |
    awk '{ gsub(/\\t/, " "); row = row "\\t" $0 } END { if (NR == 4) print row }'
}
nd_count() {
  awk '
  # 0: ADDRESS:PORT ADDRESS:PORT STATE ..., with addresses of w digits
  function tcp(f, w,    l, i, la, lp, ra, k) {
    while ((getline l < f) > 0) {
      i = index(l, ":") + 2; lp = substr(l, i + w + 1, 4); st = substr(l, i + w + w + 12, 2)
      if (st == "0A") { listen[lp] = 1; continue }
      if ((lp in listen) || substr(l, i + w + w + 7, 4) == "0000") continue
      if (!(lp >= lo && lp <= hi)) { if (lp >= "0400") out++; continue }
      la = substr(l, i, w); ra = substr(l, i + w + 6, w + 5)
      if (w == 32 && la ~ /^0000000000000000(FFFF0000|0000FFFF)/) { la = substr(la, 25); ra = substr(ra, 25) }
      n[k = la "\\t" ra]++
      rows[la]++
      if (st == "06") { tw[k]++; stw[la]++ }
      else if (n[k] >= 8 && n[k] - tw[k] < 14) ino[k] = ino[k] "," inode(l)
      else if (rows[la] >= 8 && rows[la] - stw[la] < 14) sino[la] = sino[la] "," inode(l)
      if (++all % ${keep} == 0) for (k in n) if (n[k] <= all / ${keep}) { delete n[k]; delete tw[k] }
      if ((k = la lp) in seen) continue
      seen[k] = 1; ports[la]++
    }
    close(f)
  }
  function inode(l,    q) { split(l, q, " "); return q[10] }
  function count(f,    l, q, i, n) { # sockets in use and in TIME_WAIT: a table is not read for a few, since for each the kernel looks at those of all namespaces
    while ((getline l < f) > 0) {
      n = split(l, q, " ")
      for (i = 2; i < n; i += 2) {
        if (q[i] == "inuse" && q[1] ~ /^TCP6?:$/) t += q[i + 1]
        if (q[i] == "inuse" && q[1] ~ /^UDP6?:$/) v += q[i + 1]
        if (q[i] == "inuse" && q[1] == "TCP6:") t6 = q[i + 1]
        if (q[i] == "tw") wait = q[i + 1]
      }
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
    }
    close(f)
  }
  NF == 4 {
    split("", listen); split("", n); split("", rows); split("", tw); split("", stw); split("", ino); split("", sino)
    split("", seen); split("", ports); split("", used); u = out = all = 0
    host = $1 == host_space; lo = sprintf("%04X", $3); hi = sprintf("%04X", $4)
    d = "/proc/" $2 "/net/"; s = $1 "\\t" $2
    t = v = ""; t6 = wait = 0; count(d "sockstat"); count(d "sockstat6")
    if (host || t == "" || t + wait >= ${fewest}) { if (host || t6 + wait > 0) tcp(d "tcp6", 32); tcp(d "tcp", 8) }
    if (host || v == "" || v >= ${fewest}) { udp(d "udp"); udp(d "udp6") }
    for (k in n) if (n[k] >= ${fewest}) print n[k] "\\tdest\\t" s "\\t" tw[k] + 0 "\\t" k "\\t" substr(ino[k], 2)
    for (k in ports) if (ports[k] >= ${fewest})
      print ports[k] "\\tsrc\\t" s "\\t" stw[k] + 0 "\\t" k "\\t" rows[k] "\\t" substr(sino[k], 2)
    if (u >= ${fewest}) print u "\\tudp\\t" s
    if (out >= ${fewest} && out * 10 >= all) print "0\\tout\\t" s
    if (host) {
      i = 0; l = ""
      for (k in listen) if ((k < lo || k > hi) && i++ < 500) l = l " " k
      print "0\\tservers\\t" (i > 500 ? "cut" : l)
    }
  }' host_space="\${nd_list%% *}" -
}
nd_own=$(nd_sys)
nd_list=$(nd_spaces | awk -v own="$nd_own" -v set="\${nd_port_ranges:-}" '
  BEGIN {
    split(own, o, /[ \\t]+/); m = split(set, a, ",")
    for (i = 1; i <= m; i++) { split(a[i], b, ":"); uid[i] = b[1]; range[i] = b[2] }
  }
  NR == 1 { print $0, o[2], o[3]; next }
  {
    x = "32768 60999"; f = "/proc/" $2 "/cgroup"
    while (m && (getline l < f) > 0) { gsub(/_/, "-", l); for (i = 1; i <= m; i++) if (index(l, uid[i])) { x = range[i]; sub(/-/, " ", x) } }
    close(f)
    print $0, x
  }')
[ -n "$nd_own" ] && [ -n "$nd_list" ] || { echo 'cannot read /proc/sys/net/ipv4 or /proc/PID/net' >&2; exit 1; }
nd_rows=$(printf '%s\\n' "$nd_list" | nd_count) || exit
echo "arch $(uname -m)"
# on a calm node that is all
case $nd_rows in
  *src* | *udp* | *out*) ;;
  *) printf '0\\tsys\\t%s%s\\n%s\\n' "\${nd_list%% *}" "$nd_own" "$nd_rows"; exit 0 ;;
esac
nd_in=$(printf '%s\\n' "$nd_rows" | awk -F '\\t' -v own="\${nd_list%% *}" '($1 > 0 || $2 == "out") && $3 != own && !($3 in a) && n++ < 100 { a[$3] = 1; print $3, $4 }' |
  while read -r nd_i nd_p; do
    nd_has nsenter || break
    nd_v=$(nd_sys nsenter -t "$nd_p" -n)
    [ -n "$nd_v" ] || break
    printf '0\\tsys\\t%s%s\\n' "$nd_i" "$nd_v"
  done)
nd_again=$({ printf '%s\\n' "$nd_list"; printf '%s\\n' "$nd_in"; } | awk -F '\\t' '
  NF == 1 { split($1, r, " "); pid[r[1]] = r[2]; range[r[1]] = r[3] " " r[4]; next }
  ($3 in range) && range[$3] != $4 { print $3, pid[$3], $4 }')
nd_rows=$({ printf '%s\\n' "$nd_again" | awk 'NF { print "0\\tagain\\t" $1 }'; printf '%s\\n' "$nd_rows"; } | awk -F '\\t' '$2 == "again" { a[$3] = 1; next } !($3 in a)'
  [ -z "$nd_again" ] || printf '%s\\n' "$nd_again" | nd_count)
printf '0\\tsys\\t%s%s\\n%s\\n' "\${nd_list%% *}" "$nd_own" "$nd_in"
nd_rows=$(printf '%s\\n' "$nd_rows" | sort -rn | awk '
  $1 > 0 && ++n > ${most} { if (n == ${most} + 1) print "0\\tleft\\t" $1; next }
  { print }')
printf '%s\\n' "$nd_rows"
nd_ino=$({ printf '%s\\n' "$nd_list" "$nd_in"; printf '%s\\n' "$nd_rows"; } | awk -F '\\t' '
  BEGIN { floor = 28232 }
  NF == 1 && split($1, r, " ") == 4 && r[4] - r[3] + 1 < floor { floor = r[4] - r[3] + 1 }
  $2 == "sys" && split($4, r, " ") == 2 && r[2] - r[1] + 1 < floor { floor = r[2] - r[1] + 1 }
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
  params: params({
    from: { pods },
    vars: (maybe): Record<string, string> => {
      const set = (maybe.pods.ok ? maybe.pods.value : []).flatMap((p) =>
        p.portRange && !p.hostNetwork && /^[0-9a-f-]{32,36}$/.test(p.uid) ? [`${p.uid}:${p.portRange.join('-')}`] : [],
      );
      return set.length === 0 ? {} : { port_ranges: set.slice(0, 500).join(',') };
    },
  }),
  parse: ({ rows }) => {
    if (!rows.ok) return rows;
    const lines = rows.outputs[0].stdout.split('\n');
    const little = isLittleEndian(lines);
    if (little === null) return missing('unparsable', 'the machine did not say what it is (uname -m)');
    const owners = new Map(lines.flatMap((l) => parseOwner(l) ?? []).map((o) => [o.inode, o] as const));
    const found = lines.flatMap((l) => parsePortUse(l, little) ?? []);
    const counted = lines.filter((l) => /^\d+\t(dest|src|udp|sys|out)\t/.test(l)).length;
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
      outside: found.flatMap((r) => (r.kind === 'outside' ? [r.space] : [])),
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
