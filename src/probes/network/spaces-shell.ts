/**
 * Shell functions for what lies in network namespaces. What a process of one has in /proc/PID/net is that namespace's (facts 0), and anybody may read it.
 *
 * - `nd_spaces` (needs ls and awk): a line "inode pid" for each network namespace of the node, ours first, then by pid. Files of /proc/PID/net have inode numbers of their own in
 *   each namespace, while /proc/PID/ns/net needs SYS_PTRACE (measured on 6.18 and 6.1). The process is the oldest there by number: of a pod, its pause
 *   container, which lives as long as the pod.
 */
export const spacesShell = `
nd_spaces() {
  { cd /proc && { ls -i self/net/snmp; ls -i [0-9]*/net/snmp; } 2>/dev/null; cd /; } | awk '
    { split($2, a, "/"); p = a[1] }
    NR == 1 { own = $1; next }
    !($1 in pid) { list[++n] = $1 }
    !($1 in pid) || p + 0 < pid[$1] + 0 { pid[$1] = p }
    END {
      if (own in pid) print own, pid[own]
      for (i = 1; i <= n; i++) if (list[i] != own) print list[i], pid[list[i]]
    }'
}
`;
