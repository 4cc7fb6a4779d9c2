import type { Reading } from '../core/gap.ts';
import type { Space } from '../facts/network/spaces.ts';
import type { Pod } from '../facts/workloads/pods.ts';

import { podOfSpace } from './pod-of-space.ts';

/** Whose a network namespace is: "the node", "pod shop/web-0", or by its process where the API does not say. */
export const spaceText = (space: Space | undefined, pods: Reading<readonly Pod[]>): string => {
  if (!space) return 'a network namespace that is gone by now';
  if (space.host) return 'the node';
  const name = podOfSpace(space, pods);
  if (name) return `pod ${name}`;
  if (space.podUid) return `the pod with uid ${space.podUid}`;
  return `the network namespace of ${space.process}, pid ${space.pid}`;
};
