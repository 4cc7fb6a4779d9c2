import type { Severity } from '../../core/check.ts';
import type { ConntrackChanges } from '../../facts/conntrack/changes.ts';
import type { ConntrackSpace } from '../../facts/conntrack/counters.ts';

/** How full the table of a network namespace is, and what that did. */
export interface Fullness {
  readonly space: string;
  readonly entries: number;
  /** Of the limit, from 0 on; 0 where there is no limit. */
  readonly share: number;
  /** Packets dropped within the window for want of room: those that clashes cost are in insert_failed too, and are left out (facts B.3). */
  readonly dropped: number;
  readonly earlyDropped: number;
  /** early_drop of all time where it stood still in the window; 0 otherwise. It counts full tables only. */
  readonly since: number;
  readonly dropTotal: number;
  readonly earlyDropTotal: number;
}

/** From the counters of one namespace and what they did within the window, where that is known. */
export const fullness = (s: ConntrackSpace, changes: ConntrackChanges | null, max: number): Fullness => {
  const change = changes?.spaces.find((c) => c.space === s.space);
  const dropped = change ? Math.max(0, change.drop - change.insertFailed) : 0;
  const earlyDropped = change ? change.earlyDrop : 0;
  return {
    space: s.space,
    entries: s.entries,
    share: max === 0 ? 0 : s.entries / max,
    dropped,
    earlyDropped,
    since: change && dropped + earlyDropped === 0 ? s.earlyDrop : 0,
    dropTotal: s.drop,
    earlyDropTotal: s.earlyDrop,
  };
};

/**
 * Facts B.2. `drop` counts what a protocol refuses too: without early_drop and far from the limit it may be a burst that is over, or no lack of room.
 * Null: nothing to say.
 */
export const fullnessSeverity = (f: Fullness): Severity | null => {
  if (f.dropped > 0 && (f.share >= 0.75 || f.earlyDropped > 0)) return 'error';
  if (f.earlyDropped > 0 || f.share >= 0.9) return 'warning';
  return f.share >= 0.75 || f.since > 0 || f.dropped > 0 ? 'info' : null;
};
