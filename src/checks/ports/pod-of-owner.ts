import type { Reading } from '../../core/gap.ts';
import type { Owner } from '../../facts/sockets/owner.ts';
import type { Pod } from '../../facts/workloads/pods.ts';

/** namespace/name of the pod that a process belongs to, by its container's id or its pod's uid; null outside of pods and without API. */
export const podOfOwner = (owner: Owner | null, pods: Reading<readonly Pod[]>): string | null => {
  if (!owner || !pods.ok) return null;
  const pod = pods.value.find(
    (p) =>
      (owner.podUid !== null && p.uid === owner.podUid) ||
      (owner.containerId !== null && p.containerIds.includes(owner.containerId)),
  );
  return pod ? `${pod.namespace}/${pod.name}` : null;
};
