import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type Unanswered, unanswered } from '../../facts/sockets/unanswered.ts';
import { parseSocketRow } from '../../parsers/proc-net-sockets.ts';
import { isLittleEndian } from '../byte-order.ts';
import { spacesShell } from '../network/spaces-shell.ts';

/** State 02 of every network namespace, in one pass. */
const text = `${spacesShell}
nd_need ls awk uname
echo "arch $(uname -m)"
nd_spaces | awk '
  function read(f,    l, a) {
    while ((getline l < f) > 0) {
      split(l, a, " ")
      if (a[4] == "02" && n++ < 500) print "syn\\t" inode "\\t" l
    }
    close(f)
  }
  { inode = $1; read("/proc/" $2 "/net/tcp"); read("/proc/" $2 "/net/tcp6") }'
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
    return known(
      lines.flatMap((line): Unanswered[] => {
        const [tag, space = '', ...rest] = line.split('\t');
        const row = tag === 'syn' && /^\d+$/.test(space) ? parseSocketRow(rest.join('\t'), little) : null;
        return row ? [{ space, source: row.local, destination: row.remote }] : [];
      }),
    );
  },
});
