import type { Reading } from '../../core/gap.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { spaceText } from '../space-text.ts';

/** Where something was counted: "the network of pod shop/web-0", "the network namespace of unshare, pid 7". */
export const networkText = (space: Space | undefined, pods: Reading<readonly Pod[]>): string => {
  const whose = spaceText(space, pods);
  return /^(a|the) network namespace/.test(whose) ? whose : `the network of ${whose}`;
};
