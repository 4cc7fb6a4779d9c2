import type { NamesRequest } from '../../app/names-in-cluster.ts';
import type { Choice } from './choice.ts';

/** Where the names come from that are looked up. All of them may throw, and then there is nothing to offer. */
export interface Names {
  readonly checks: () => Promise<readonly Choice[]>;
  readonly inKubeconfig: (of: 'context' | 'cluster' | 'user') => Promise<readonly string[]>;
  readonly inCluster: (of: NamesRequest['of']) => Promise<readonly string[]>;
}
