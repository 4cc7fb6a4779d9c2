import type { Reading } from '../core/gap.ts';
import type { Pod } from '../facts/workloads/pods.ts';

/** What a cgroup path tells of a process or of a network namespace. */
interface Place {
  readonly podUid: string | null;
  readonly containerId: string | null;
}

/** namespace/name of the pod that it belongs to, by its container's id or its pod's uid; null outside of pods and without API. */
export const podOf = (place: Place | null, pods: Reading<readonly Pod[]>): string | null => {
  if (!place || !pods.ok) return null;
  const pod = pods.value.find(
    (p) =>
      (place.podUid !== null && p.uid === place.podUid) ||
      (place.containerId !== null && p.containerIds.includes(place.containerId)),
  );
  return pod ? `${pod.namespace}/${pod.name}` : null;
};
