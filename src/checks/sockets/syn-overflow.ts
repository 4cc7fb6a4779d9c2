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
 */
export type SynOverflow =
  | { readonly kind: 'dropped' | 'cookies' | 'behind'; readonly count: number }
  | {
      readonly kind: 'max-syn-backlog';
      readonly count: number;
      readonly maxSynBacklog: number;
      readonly halfOpen: number;
    };

/** A small backlog meets a few cookies in any burst, and they harm nobody. */
const fewestCookies = 10;

/** By the table of facts D, measured. ListenDrops alone has other reasons too, so half-open connections must be there. */
export const synOverflowOf = (changes: SpaceCounters, queues: Queues | null): SynOverflow | null => {
  const dropped = countOf(changes, 'TcpExt.TCPReqQFullDrop');
  const cookies = countOf(changes, 'TcpExt.TCPReqQFullDoCookies');
  const overflows = countOf(changes, 'TcpExt.ListenOverflows');
  if (overflows > 0) return dropped + cookies > 0 ? { kind: 'behind', count: dropped + cookies } : null;
  if (dropped > 0) return { kind: 'dropped', count: dropped };
  if (cookies >= fewestCookies) return { kind: 'cookies', count: cookies };
  const drops = countOf(changes, 'TcpExt.ListenDrops');
  const settings = queues?.settings.find((s) => s.space === changes.space);
  if (drops === 0 || !queues || settings?.synCookies !== 0 || settings.maxSynBacklog === null) return null;
  const halfOpen = Math.max(0, ...queues.listeners.filter((q) => q.space === changes.space).map((q) => q.halfOpen));
  return halfOpen * 2 > settings.maxSynBacklog
    ? { kind: 'max-syn-backlog', count: drops, maxSynBacklog: settings.maxSynBacklog, halfOpen }
    : null;
};
