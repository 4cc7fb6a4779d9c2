import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type Space, spaces } from '../../facts/network/spaces.ts';
import { parseCgroup } from '../../parsers/cgroup.ts';
import { spacesShell } from './spaces-shell.ts';

/** Of each namespace the process, its cgroup and its name, which the kernel escapes in /proc/PID/status. */
const text = `${spacesShell}
nd_need ls awk
nd_spaces | while read -r nd_i nd_p; do
  nd_name=
  { read -r nd_x nd_name; } 2>/dev/null <"/proc/$nd_p/status" || continue
  nd_cg=
  while IFS= read -r nd_l; do
    case $nd_l in *kubepods* | */pod[0-9a-f]*) nd_cg=$nd_l; break ;; esac
  done 2>/dev/null <"/proc/$nd_p/cgroup"
  printf 'space\\t%s\\t%s\\t%s\\t%s\\n' "$nd_i" "$nd_p" "$nd_cg" "$nd_name"
done
exit 0
`;

const spaceOf = (line: string, i: number): Space | null => {
  const [tag, id, pid, cgroup, ...name] = line.split('\t');
  if (tag !== 'space' || !/^\d+$/.test(id ?? '') || !/^\d+$/.test(pid ?? '')) return null;
  const { podUid, containerId } = parseCgroup(cgroup ?? '');
  return { id: id ?? '', host: i === 0, pid: Number(pid), process: name.join('\t'), podUid, containerId };
};

/** See the script above; the first line is the host's own. */
export const spacesProc = probe({
  yields: spaces,
  via: 'proc',
  reads: {
    list: script('network/spaces', "lsns -t net, with each namespace's first process", text, { sampling: 'end' }),
  },
  parse: ({ list }) => {
    if (!list.ok) return list;
    const lines = list.outputs[0].stdout.split('\n').filter((l) => l !== '');
    const all = lines.map(spaceOf);
    const found = all.filter((s) => s !== null);
    if (found.length === 0 || found.length < all.length)
      return missing('unparsable', 'the list of network namespaces is not what it should be');
    return known(found);
  },
});
