import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type Unanswered, unanswered } from '../../facts/sockets/unanswered.ts';
import { isLittleEndian } from '../../parsers/byte-order.ts';
import { parseSocketRow } from '../../parsers/proc-net-sockets.ts';
import { spacesShell } from '../network/spaces-shell.ts';

/** How long it looks, in seconds: for each table the kernel goes through the sockets of all namespaces. */
const seconds = 1;

/**
 * State 02 of the network namespaces that have sent a SYN again, ours first, then those that did so most often. Those that the time did not suffice for
 * are counted.
 */
const text = `${spacesShell}
nd_need ls awk uname sort
echo "arch $(uname -m)"
nd_spaces | awk '
  {
    f = "/proc/" $2 "/net/netstat"; again = -1
    while ((getline l < f) > 0) if (l ~ /^TcpExt:/) {
      n = split(l, a, " ")
      if (!at) { for (i = 2; i <= n; i++) if (a[i] == "TCPSynRetrans") at = i; if (!at) break; continue }
      if (a[at] ~ /^[0-9]+$/) again = a[at]
    }
    close(f)
    if (NR == 1) again = 4294967296
    if (again) print again, $0
  }' | sort -rn | awk '
  function now(    l, a) { getline l < "/proc/uptime"; close("/proc/uptime"); split(l, a, " "); return a[1] }
  function read(f,    l) {
    while ((getline l < f) > 0) if (l ~ / 02 / && split(l, a, " ") && a[4] == "02" && n++ < 500) print "syn\\t" inode "\\t" l
    close(f)
  }
  NR == 1 { until = now() + ${seconds} }
  NR > 1 && (late || now() > until) { late++; next }
  { inode = $2; read("/proc/" $3 "/net/tcp"); read("/proc/" $3 "/net/tcp6") }
  END { if (late) print "late\\t" late }'
`;

/** See the script above. */
export const unansweredProc = probe({
  yields: unanswered,
  via: 'proc',
  reads: {
    rows: script('sockets/unanswered', 'ss -Htn state syn-sent, in each network namespace', text, { sampling: 'end' }),
  },
  parse: ({ rows }) => {
    if (!rows.ok) return rows;
    const lines = rows.outputs[0].stdout.split('\n');
    const little = isLittleEndian(lines);
    if (little === null) return missing('unparsable', 'the machine did not say what it is (uname -m)');
    const late = lines.map((line) => /^late\t(\d{1,6})$/.exec(line)?.[1]).find((n) => n !== undefined);
    return known({
      unseenSpaces: Number(late ?? 0),
      flows: lines.flatMap((line): Unanswered[] => {
        const [tag, space = '', ...rest] = line.split('\t');
        const row = tag === 'syn' && /^\d+$/.test(space) ? parseSocketRow(rest.join('\t'), little) : null;
        return row ? [{ space, source: row.local, destination: row.remote }] : [];
      }),
    });
  },
});
