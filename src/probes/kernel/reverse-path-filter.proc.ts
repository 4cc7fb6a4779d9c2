import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { reversePathFilter } from '../../facts/kernel/reverse-path-filter.ts';

/** By awk: a shell's `read` takes one byte at a time, and of a sysctl the kernel gives no more than the first that way. */
const text = `
nd_need awk
awk 'BEGIN {
  for (i = 1; i < ARGC; i++) {
    if (i > 3000) { print "cut"; break }
    f = ARGV[i]
    if ((getline v < f) > 0) { close(f); sub(/\\/rp_filter$/, "", f); sub(/.*\\//, "", f); print v "\\t" f }
  }
}' /proc/sys/net/ipv4/conf/*/rp_filter
`;

const settingOf = (value: string | undefined): 0 | 1 | 2 | null =>
  value === '0' ? 0 : value === '1' ? 1 : value === '2' ? 2 : null;

/** One line "value TAB interface" each; `default` is no interface, and on `lo` nothing has another way. */
export const reversePathFilterProc = probe({
  yields: reversePathFilter,
  via: 'proc',
  reads: { list: script('kernel/reverse-path-filter', 'grep . /proc/sys/net/ipv4/conf/*/rp_filter', text) },
  parse: ({ list }) => {
    if (!list.ok) return list;
    const lines = list.outputs[0].stdout.split('\n').filter((l) => l !== '');
    if (lines.includes('cut')) return missing('truncated', 'there are more than 3000 interfaces');
    const rows = lines.map((l) => l.split('\t')).map(([v, name]) => ({ value: settingOf(v), name: name ?? '' }));
    const all = rows.find((r) => r.name === 'all')?.value;
    if (all === undefined || all === null) return missing('unparsable', 'conf/all/rp_filter is not what it should be');
    const interfaces = rows
      .filter((r) => !['all', 'default', 'lo', ''].includes(r.name))
      .flatMap(({ name, value }) => (value === null ? [] : [{ name, effective: value > all ? value : all }]));
    return known({ all, interfaces });
  },
});
