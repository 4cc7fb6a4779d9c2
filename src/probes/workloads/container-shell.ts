import { params } from '../../core/probe.ts';
import { subjects } from '../../facts/workloads/subjects.ts';
import { containerKey } from '../../lib/container-key.ts';
import { containersOn } from './containers-on.ts';
import { resolveShell } from './resolve-shell.ts';

/** More containers than this on one node are not looked at: the program has to fit into an argument (128 KiB). */
const mostContainers = 1000;

/** The running containers of the chosen pods on this node, as `nd_containers`: the first digits of their ids. */
export const chosenContainers = params({
  from: { subjects },
  vars: (maybe, node): Record<string, string> => {
    if (!maybe.subjects.ok) return {};
    const ids = containersOn(maybe.subjects.value, node).flatMap((c) =>
      c.status?.running && /^[0-9a-f]{64}$/.test(c.status.id) ? [containerKey(c.status.id)] : [],
    );
    return { containers: ids.slice(0, mostContainers).join(' ') };
  },
});

/**
 * Shell functions for what happens in containers.
 *
 * - `nd_in_containers`: a line "key pid" for each process of a chosen container, by pid. The container's id is looked for in /proc/PID/cgroup, wherever
 *   it stands there (facts K.5): cgroupfs and systemd drivers, v1 and v2, also seen from another cgroup namespace. CRI-O's conmon has
 *   a scope of its own with the same id, and is not in the container.
 * - `nd_away`, `nd_resolve`: see {@link resolveShell}.
 * - `nd_plain TEXT`: sets nd_t to the text, or to "?" where it would break a line of our output.
 */
export const containerShell = `
nd_tab=$(printf '\\t')
nd_in_containers() {
  grep -sE '[0-9a-f]{64}' /proc/[0-9]*/cgroup /dev/null | awk -v want="$nd_containers" '
    BEGIN { n = split(want, a, " "); for (i = 1; i <= n; i++) w[a[i]] = 1 }
    {
      f = $0; sub(/:.*/, "", f)
      if ((f in seen) || index($0, "crio-conmon-")) next
      m = split(substr($0, length(f) + 2), t, /[^0-9a-f]+/)
      for (i = 1; i <= m; i++) if (length(t[i]) == 64 && (substr(t[i], 1, 16) in w)) {
        seen[f] = 1
        split(f, d, "/")
        print substr(t[i], 1, 16), d[3]
        break
      }
    }' | sort -k2n
}
${resolveShell}nd_plain() {
  nd_t=$1
  case $nd_t in *"$nd_nl"* | *"$nd_tab"*) nd_t='?' ;; esac
}
`;
