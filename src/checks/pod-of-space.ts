import type { Reading } from '../core/gap.ts';
import type { Space } from '../facts/network/spaces.ts';
import type { Pod } from '../facts/workloads/pods.ts';

/** namespace/name of the pod whose network namespace it is; null for the host's, outside of pods and without API. */
export const podOfSpace = (space: Space, pods: Reading<readonly Pod[]>): string | null => {
  if (space.host || !pods.ok) return null;
  const pod = pods.value.find(
    (p) =>
      (space.podUid !== null && p.uid === space.podUid) ||
      (space.containerId !== null && p.containerIds.includes(space.containerId)),
  );
  return pod ? `${pod.namespace}/${pod.name}` : null;
};
