import type { SpaceCounters } from '../../facts/network/counters.ts';
import type { Queues } from '../../facts/sockets/queues.ts';
import { countOf } from './count-of.ts';

/**
 * What happened to the SYN queue of a network namespace.
 *
 * - `dropped`: full, SYN cookies off: SYNs were dropped
 * - `cookies`: full, answered by SYN cookies
 * - `max-syn-backlog`: SYN cookies off, and three quarters of tcp_max_syn_backlog half open
 * - `behind`: full because the accept queue is
 * - `unexplained`: SYNs were dropped, and what is known does not say that it was for these queues
 */
export type SynOverflow =
  | { readonly kind: 'dropped' | 'cookies' | 'behind' | 'unexplained'; readonly count: number }
  | {
      readonly kind: 'max-syn-backlog';
      readonly count: number;
      readonly maxSynBacklog: number;
      readonly halfOpen: number;
    };

/**
 * By the table of facts D, measured. A small backlog meets a few cookies in any burst, and they harm nobody. ListenDrops counts SYNs for other
 * reasons too (no route back, no memory, a security module), so half-open connections must be there, and a few are noise.
 */
export const synOverflowOf = (changes: SpaceCounters, queues: Queues | null, fewest: number): SynOverflow | null => {
  const dropped = countOf(changes, 'TcpExt.TCPReqQFullDrop');
  const cookies = countOf(changes, 'TcpExt.TCPReqQFullDoCookies');
  const overflows = countOf(changes, 'TcpExt.ListenOverflows');
  if (overflows > 0) return dropped + cookies > 0 ? { kind: 'behind', count: dropped + cookies } : null;
  if (dropped > 0) return { kind: 'dropped', count: dropped };
  if (cookies >= fewest) return { kind: 'cookies', count: cookies };
  const drops = countOf(changes, 'TcpExt.ListenDrops');
  const settings = queues?.settings.find((s) => s.space === changes.space);
  if (drops === 0) return null;
  const here = queues?.listeners.filter((q) => q.space === changes.space) ?? [];
  const halfOpen = Math.max(0, ...here.map((q) => q.halfOpen));
  const maxSynBacklog = settings?.maxSynBacklog ?? null;
  if (settings?.synCookies === 0 && maxSynBacklog !== null && halfOpen * 2 > maxSynBacklog)
    return { kind: 'max-syn-backlog', count: drops, maxSynBacklog, halfOpen };
  return drops >= fewest ? { kind: 'unexplained', count: drops } : null;
};
