import { params } from '../../core/probe.ts';
import { subjects } from '../../facts/workloads/subjects.ts';
import { containerKey } from '../../lib/container-key.ts';
import { containersOn } from './containers-on.ts';

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
 * - `nd_away PID`: sets nd_far to the places where the process has a file system mounted that others answer for (NFS, FUSE). Whoever looks at one
 *   that hangs may not even be killed, so nobody goes there.
 * - `nd_resolve ROOT PATH`: sets nd_at to the file, symbolic links followed within ROOT; fails where there is none, with 2 where that cannot be told (a
 *   directory that may not be entered, one of nd_far, a way that is too long to follow). The kernel would follow an absolute link out of it, to a file of ours.
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
nd_away() {
  nd_far=$(awk '{
    for (i = 7; i < NF; i++) if ($i == "-") {
      if ($5 != "/" && $(i + 1) ~ /^(fuse|nfs|cifs|smb|ceph|gluster|lustre|gpfs|beegfs|9p|afs|autofs)/) printf " %s", $5
      break
    }
  } END { printf " ." }' "/proc/$1/mountinfo" 2>/dev/null)
}
nd_resolve() {
  nd_left=\${2#/} nd_at= nd_links=0 nd_steps=0
  while [ -n "$nd_left" ]; do
    nd_steps=$((nd_steps + 1))
    # each step costs by the length of what is left
    [ "$nd_steps" -le 400 ] && [ \${#nd_left} -le 4096 ] && [ \${#nd_at} -le 4096 ] || return 2
    nd_part=\${nd_left%%/*}
    case $nd_left in */*) nd_left=\${nd_left#*/} ;; *) nd_left= ;; esac
    case $nd_part in
      '' | .) continue ;;
      ..) nd_at=\${nd_at%/*}; continue ;;
    esac
    case $nd_far in *" $nd_at/$nd_part "*) return 2 ;; esac
    if [ -h "$1$nd_at/$nd_part" ]; then
      nd_links=$((nd_links + 1))
      [ "$nd_links" -le 40 ] || return 1
      nd_to=$(readlink "$1$nd_at/$nd_part") || return 1
      case $nd_to in /*) nd_at= ;; esac
      nd_left=\${nd_to#/}\${nd_left:+/$nd_left}
    elif [ -e "$1$nd_at/$nd_part" ]; then
      nd_at=$nd_at/$nd_part
    else
      [ ! -d "$1$nd_at" ] || [ -e "$1$nd_at/." ] || return 2
      return 1
    fi
  done
  [ -f "$1$nd_at" ]
}
nd_plain() {
  nd_t=$1
  case $nd_t in *"$nd_nl"* | *"$nd_tab"*) nd_t='?' ;; esac
}
`;
