import { fact } from '../../core/fact.ts';

/** A network namespace of the node. */
export interface Space {
  /** Names it among the facts of one run; the inode of its files in /proc. */
  readonly id: string;
  /** The node's own: of everything that runs with hostNetwork, and of kubelet. */
  readonly host: boolean;
  /** A process in it, in the node's PID namespace; in a pod that of its pause container. */
  readonly pid: number;
  /** Its comm, at most 15 characters. */
  readonly process: string;
  /** From the cgroup path of that process; null outside of pods. */
  readonly podUid: string | null;
  readonly containerId: string | null;
}

/** The network namespaces of the node: its own, and one of each pod without hostNetwork. */
export const spaces = fact<readonly Space[]>(
  'network/spaces',
  'node',
  "network namespaces of the node: its own and its pods', each with a process in it",
);
