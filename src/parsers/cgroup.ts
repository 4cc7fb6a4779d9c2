/** What a cgroup path tells of a process. */
export interface CgroupPlace {
  readonly containerId: string | null;
  readonly podUid: string | null;
  readonly unit: string | null;
}

/**
 * Understands a line of /proc/<pid>/cgroup of containerd, CRI-O and docker, cgroup v1 and v2, cgroupfs and systemd driver, also seen
 * from another cgroup namespace (`0::/../../kubepods…`); facts K.5.
 */
export const parseCgroup = (line: string): CgroupPlace => {
  const path = line.slice(line.indexOf('/') < 0 ? 0 : line.indexOf('/'));
  const containerId = /(?:^|[/:-])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/.exec(path)?.[1] ?? null;
  const podUid =
    /(?:^|[/-])pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?:\/|$)/.exec(
      path,
    )?.[1] ?? null;
  const unit = containerId || podUid ? null : (/\/([^/]+\.service)(?:\/|$)/.exec(path)?.[1] ?? null);
  return { containerId, podUid: podUid?.replaceAll('_', '-') ?? null, unit };
};
