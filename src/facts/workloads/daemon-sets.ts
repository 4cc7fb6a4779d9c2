import { fact } from '../../core/fact.ts';

/** A DaemonSet, and whether each Linux node must have a pod of it. */
export interface DaemonSet {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAtMs: number | null;
  /** It tolerates every taint, has no node affinity, and selects by nothing but the operating system Linux. */
  readonly everyNode: boolean;
  /** How many nodes should have a pod of it and how many have one, by its status; null where that is not told. */
  readonly desired: number | null;
  readonly scheduled: number | null;
}

/** The DaemonSets in the namespaces that are looked at. */
export const daemonSets = fact<readonly DaemonSet[]>(
  'workloads/daemon-sets',
  'cluster',
  'DaemonSets, and whether every Linux node must have a pod of them',
);
