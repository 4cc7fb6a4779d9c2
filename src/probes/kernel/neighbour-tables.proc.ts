import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { neighbourTables } from '../../facts/kernel/neighbour-tables.ts';
import { parseNeighbourTables } from '../../parsers/neighbour-tables.ts';

/** Hexadecimal columns by their names, one line per CPU, `entries` the same on each. The thresholds are the machine's own: no other namespace has them. */
const text = `
nd_need awk
for nd_t in ipv4:arp ipv6:ndisc; do
  nd_f=/proc/net/stat/\${nd_t#*:}_cache nd_s=/proc/sys/net/\${nd_t%:*}/neigh/default
  [ -e "$nd_f" ] && [ -e "$nd_s/gc_thresh3" ] || continue
  nd_v=$(cat "$nd_s/gc_thresh1" "$nd_s/gc_thresh2" "$nd_s/gc_thresh3") || exit
  awk -v head="table\\t\${nd_t%:*}" -v limits="$(echo $nd_v)" '
    function hex(h,    i, n) { n = 0; for (i = 1; i <= length(h); i++) n = n * 16 + index("0123456789abcdef", tolower(substr(h, i, 1))) - 1; return n }
    function of(name) { return (name in sum) ? sprintf("%.0f", sum[name]) : "-" }
    NR == 1 { for (i = 1; i <= NF; i++) { col[i] = $i; sum[$i] = 0 } next }
    { for (i = 1; i <= NF; i++) sum[col[i]] = col[i] == "entries" ? hex($i) : sum[col[i]] + hex($i) }
    END { split(limits, l, " "); print head "\\t" of("entries") "\\t" of("table_fulls") "\\t" of("forced_gc_runs") "\\t" l[1] "\\t" l[2] "\\t" l[3] }' "$nd_f" || exit
done
echo end
`;

/** See the script above. */
export const neighbourTablesProc = probe({
  yields: neighbourTables,
  via: 'proc',
  reads: {
    samples: script(
      'kernel/neighbour-tables',
      'cat /proc/net/stat/{arp,ndisc}_cache /proc/sys/net/ipv{4,6}/neigh/default/gc_thresh{1,2,3}',
      text,
      { sampling: 'twice' },
    ),
  },
  parse: ({ samples }) => {
    if (!samples.ok) return samples;
    const found = parseNeighbourTables((samples.outputs.at(-1) ?? samples.outputs[0]).stdout);
    return found ? known(found) : missing('unparsable', 'the tables of neighbours are not what they should be');
  },
});
