import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type Listener, listeners } from '../../facts/sockets/listeners.ts';
import { isLittleEndian } from '../../parsers/byte-order.ts';
import { parseOwner } from '../../parsers/owners.ts';
import { parseSocketRow } from '../../parsers/proc-net-sockets.ts';

/**
 * Listening TCP and unconnected UDP sockets whose port lies in ip_local_port_range, at most 500; their owners by one pass over
 * /proc/PID/fd; and whether the owner's command line names the port (a yes or no, never the command line itself).
 */
const text = `
nd_need awk uname tr grep
# cat: a shell that reads byte by byte gets only the first digit of a numeric sysctl
nd_range=$(cat /proc/sys/net/ipv4/ip_local_port_range) || exit
set --
for nd_f in /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6; do [ -r "$nd_f" ] && set -- "$@" "$nd_f"; done
nd_rows=$(awk -v range="$nd_range" '
  function dec(h,    i, n) { n = 0; for (i = 1; i <= length(h); i++) n = n * 16 + index("0123456789ABCDEF", substr(h, i, 1)) - 1; return n }
  BEGIN { split(range, r, " "); lo = r[1] + 0; hi = r[2] + 0 }
  ($4 == "0A" && FILENAME ~ /tcp/) || ($4 == "07" && FILENAME ~ /udp/ && $3 ~ /:0000$/) {
    split($2, a, ":"); p = dec(a[2])
    if (p < lo || p > hi) next
    if (n++ >= 500) { cut = 1; next }
    f = FILENAME; sub(/.*\\//, "", f)
    print "row\\t" f "\\t" p "\\t" $10 "\\t" $0
  }
  END { if (cut) print "cut" }' "$@") || exit
echo "arch $(uname -m)"
[ -n "$nd_rows" ] || exit 0
printf '%s\\n' "$nd_rows"
nd_own=$(nd_owners $(printf '%s\\n' "$nd_rows" | awk -F '\\t' '{ print $4 }'))
[ -n "$nd_own" ] || exit 0
printf '%s\\n' "$nd_own"
{ printf '%s\\n' "$nd_rows"; printf '%s\\n' "$nd_own"; } | awk -F '\\t' '
  $1 == "row" { port[$4] = $3 }
  $1 == "own" && ($2 in port) && !(($3, port[$2]) in seen) { seen[$3, port[$2]] = 1; print $3, port[$2] }
' | while read -r nd_p nd_port; do
  tr '\\000' '\\n' 2>/dev/null <"/proc/$nd_p/cmdline" | grep -qE "(^|[^0-9])$nd_port([^0-9]|\\$)" && printf 'arg\\t%s\\t%s\\n' "$nd_p" "$nd_port"
done
exit 0
`;

/** See the script above. */
export const listenersProc = probe({
  yields: listeners,
  via: 'proc',
  reads: {
    rows: script('sockets/listeners', 'ss -Htulnp, ports of the ephemeral range', text, {
      uses: ['SYS_PTRACE', 'DAC_READ_SEARCH'],
    }),
  },
  parse: ({ rows }) => {
    if (!rows.ok) return rows;
    const lines = rows.outputs[0].stdout.split('\n');
    if (lines.includes('cut')) return missing('truncated', 'more than 500 sockets listen in the ephemeral range');
    const little = isLittleEndian(lines);
    if (little === null) return missing('unparsable', 'the machine did not say what it is (uname -m)');
    const owners = lines.flatMap((l) => parseOwner(l) ?? []);
    const inArguments = new Set(lines.filter((l) => l.startsWith('arg\t')));
    const found: Listener[] = [];
    for (const line of lines) {
      const [tag, table, , , ...rest] = line.split('\t');
      if (tag !== 'row') continue;
      const row = parseSocketRow(rest.join('\t'), little);
      if (!row) return missing('unparsable', 'a row of /proc/net is not what it should be');
      const owner = owners.find((o) => o.inode === row.inode) ?? null;
      found.push({
        protocol: table?.startsWith('tcp') ? 'TCP' : 'UDP',
        ...row.local,
        owner,
        inArguments: owner !== null && inArguments.has(`arg\t${owner.pid}\t${row.local.port}`),
      });
    }
    return known(found);
  },
});
