import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { tracefs } from '../../facts/kernel/tracefs.ts';

/** A node has hundreds of mounts, most of them its pods': these stay there. */
const text = `
while read -r nd_d nd_p nd_t nd_f; do
  [ "$nd_t" != tracefs ] || printf 'at %s\\n' "$nd_p"
done </proc/1/mounts || exit
echo whole
`;

/** proc(5), /proc/pid/mounts: device, mount point, type. */
export const tracefsProc = probe({
  yields: tracefs,
  via: 'proc',
  reads: { mounts: script('kernel/tracefs', 'grep tracefs /proc/1/mounts', text, { requires: ['SYS_PTRACE'] }) },
  parse: ({ mounts }) => {
    if (!mounts.ok) return mounts;
    const lines = mounts.outputs[0].stdout.split('\n');
    if (!lines.includes('whole')) return missing('unparsable', 'the list of mounts is not whole');
    return known(lines.flatMap((l) => /^at (\/\S+)$/.exec(l)?.[1] ?? []));
  },
});
