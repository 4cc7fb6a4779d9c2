/**
 * Shell functions that look into the root of a process.
 *
 * - `nd_away PID`: sets nd_far to the places where the process has a file system mounted that others answer for (NFS, FUSE). Whoever looks at one
 *   that hangs may not even be killed, so nobody goes there.
 * - `nd_resolve ROOT PATH`: sets nd_at to the file, symbolic links followed within ROOT; fails where there is none, with 2 where that cannot be told (a
 *   directory that may not be entered, one of nd_far, a way that is too long to follow). The kernel would follow an absolute link out of it, to a file of ours.
 */
export const resolveShell = `
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
`;
