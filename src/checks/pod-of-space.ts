import type { Reading } from '../core/gap.ts';
import type { Space } from '../facts/network/spaces.ts';
import type { Pod } from '../facts/workloads/pods.ts';
import { podOf } from './pod-of.ts';

/** namespace/name of the pod whose network namespace it is; null for the host's, outside of pods and without API. */
export const podOfSpace = (space: Space, pods: Reading<readonly Pod[]>): string | null =>
  space.host ? null : podOf(space, pods);
