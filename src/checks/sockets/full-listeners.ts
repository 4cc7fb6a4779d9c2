import type { ListenQueue } from '../../facts/sockets/queues.ts';

/** Which listening sockets of a namespace may be those whose accept queue overflowed. */
export interface FullListeners {
  /**
   * - `full`: more wait than the backlog allows, at one of the two looks
   * - `only`: no other listens there
   * - `waiting`: some wait, and the backlog is not known or not reached at these moments
   * - `any`: none had waiting connections at these moments
   */
  readonly by: 'full' | 'only' | 'waiting' | 'any';
  readonly listeners: readonly ListenQueue[];
}

const most = (q: ListenQueue): number => Math.max(q.waiting, q.waitingBefore ?? q.waiting);

/** A queue is full when it holds one more than its backlog (facts D). The fullest first. `cut`: there are more than these. */
export const fullListeners = (queues: readonly ListenQueue[], space: string, cut: boolean): FullListeners => {
  const here = queues.filter((q) => q.space === space).sort((a, b) => most(b) - most(a));
  const full = here.filter((q) => q.backlog !== null && most(q) > q.backlog);
  if (full.length > 0) return { by: 'full', listeners: full };
  if (here.length === 1 && !cut) return { by: 'only', listeners: here };
  const waiting = here.filter((q) => most(q) > 0);
  return waiting.length > 0 ? { by: 'waiting', listeners: waiting } : { by: 'any', listeners: here };
};
