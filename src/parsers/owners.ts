import { parseCgroup } from './cgroup.ts';

/** The process behind a socket's inode. */
export interface OwnerRow {
  readonly inode: string;
  readonly pid: number;
  readonly process: string;
  readonly containerId: string | null;
  readonly podUid: string | null;
  readonly unit: string | null;
}

/** Understands the collector's line "own TAB inode TAB pid TAB cgroup TAB name"; null for any other. */
export const parseOwner = (line: string): OwnerRow | null => {
  const [tag, inode, pid, cgroup, ...name] = line.split('\t');
  if (tag !== 'own' || !/^\d+$/.test(inode ?? '') || !/^\d+$/.test(pid ?? '')) return null;
  return { inode: inode ?? '', pid: Number(pid), process: name.join('\t'), ...parseCgroup(cgroup ?? '') };
};
