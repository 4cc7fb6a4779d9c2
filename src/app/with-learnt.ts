import { known, type Reading } from '../core/gap.ts';
import type { Pod } from '../facts/workloads/pods.ts';

/** The pods of a node, those that came since behind those that were read. Where they could not be read what came since is not all of them: the gap stays. */
export const withLearnt = (read: Reading<readonly Pod[]>, learnt: readonly Pod[]): Reading<readonly Pod[]> =>
  read.ok && learnt.length > 0 ? known([...read.value, ...learnt]) : read;
