import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { snatUse } from '../../facts/network/snat-use.ts';
import { parseSnatGroup } from '../../parsers/snat-group.ts';

/** Groups with fewer entries are not told. */
const fewest = 16;
/** How many groups are told, the largest. */
const most = 50;
/** After each so many entries the groups of less than one in so many are dropped, so that a table of single ones takes no more memory. */
const keep = 50_000;

/**
 * One pass over conntrack. What has to be unique is the reply's tuple: where it comes from, the NAT address and its port; so it is counted by the first
 * two (facts A.3). Most rows have no source NAT and cost a few substr. The table is in the order of a hash.
 */
const text = `
nd_need awk sort
[ -e /proc/sys/net/netfilter/nf_conntrack_count ] || { echo none; exit 0; }
nd_groups() {
  awk '
    $0 == "whole" { whole = 1; next } # the last line of a conntrack -L that did not fail
    {
      a = substr($0, index($0, "src=") + 4); b = substr(a, index(a, "src=") + 4)
      d = substr(b, index(b, "dst=") + 4); i = index(d, " ")
      if (substr(a, 1, index(a, " ")) == substr(d, 1, i) || substr(d, i + 1, 6) != "sport=") next
      # SRC dst=DST sport=S dport=D of both directions, and "[UNREPLIED]" or counts behind
      split(a, o, " "); split(b, r, " ")
      if (substr(o[4], 1, 6) != "dport=" || substr(r[4], 1, 6) != "dport=") next
      k = $3 "\\t" substr(r[2], 5) "\\t" r[1] "\\t" substr(r[3], 7); p = substr(r[4], 7) + 0
      c = ++n[k]
      if ($6 == "TIME_WAIT" || $6 == "CLOSE") tw[k]++
      if (substr(o[3], 7) + 0 != p) moved[k]++
      if (c == 2) { min[k] = max[k] = p; meant[k] = substr(o[2], 5) "\\t" substr(o[4], 7) }
      else if (c > 2) { if (p < min[k]) min[k] = p; if (p > max[k]) max[k] = p }
      if (++all % ${keep} == 0)
        for (k in n) if (n[k] <= all / ${keep}) { delete n[k]; delete tw[k]; delete moved[k]; delete min[k]; delete max[k]; delete meant[k] }
    }
    END {
      if (source == "-" && !whole) exit 1
      for (k in n) if (n[k] >= ${fewest}) print n[k] "\\tsnat\\t" k "\\t" meant[k] "\\t" tw[k] + 0 "\\t" moved[k] + 0 "\\t" min[k] "\\t" max[k]
    }' source="$1" "$1"
}
if [ -r /proc/net/nf_conntrack ]; then
  echo table /proc/net/nf_conntrack
  nd_all=$(nd_groups /proc/net/nf_conntrack) || exit
elif nd_host conntrack --version >/dev/null 2>&1; then
  echo table conntrack -L
  nd_all=$({ nd_host conntrack -L -o extended 2>/dev/null && echo whole; } | nd_groups -) || { echo 'conntrack -L failed' >&2; exit 1; }
else
  echo 'conntrack: not found, and this kernel has no /proc/net/nf_conntrack' >&2
  exit 127
fi
printf '%s\\n' "$nd_all" | sort -rn | awk 'NR > ${most} { print "left " $1; exit } { print }'
exit 0
`;

/** See the script above. */
export const snatUseProc = probe({
  yields: snatUse,
  via: 'proc',
  reads: {
    table: script(
      'network/snat-use',
      'cat /proc/net/nf_conntrack, entries with source NAT counted by NAT address and destination',
      text,
      { sampling: 'end', uses: ['NET_ADMIN', 'SYS_CHROOT'] },
    ),
  },
  parse: ({ table }) => {
    if (!table.ok) return table;
    const lines = table.outputs[0].stdout.split('\n').filter((l) => l !== '');
    if (lines[0] === 'none') return known({ groups: [], leftOut: 0, table: null });
    const source = /^table (\/proc\/net\/nf_conntrack|conntrack -L)$/.exec(lines[0] ?? '')?.[1];
    const rows = lines.filter((l) => /^\d+\tsnat\t/.test(l));
    const groups = rows.flatMap((l) => parseSnatGroup(l) ?? []);
    if (source === undefined || groups.length < rows.length)
      return missing('unparsable', 'the entries with source NAT are not told as they should be');
    const left = lines.map((l) => /^left (\d{1,9})$/.exec(l)?.[1]).find((n) => n !== undefined);
    return known({ groups, leftOut: left === undefined ? fewest - 1 : Number(left), table: source });
  },
});
