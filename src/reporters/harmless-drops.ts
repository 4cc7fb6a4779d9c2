import type { WatchEvent } from '../core/watch.ts';
import { dropWords } from './drop-words.ts';

/** Reasons that the line names. */
const named = 3;

/**
 * Takes the drops that are mostly no fault out of the events of one watch, to tell them in one line at its end: `take` says whether an event is such a
 * drop and counts it, `line` is null where there were none.
 */
export const harmlessDrops = (): { readonly take: (e: WatchEvent) => boolean; readonly line: () => string | null } => {
  const counts = new Map<string, number>();
  return {
    take: (e) => {
      if (e.kind !== 'seen' || e.last.kind !== 'drop' || dropWords(e.last)?.harmless !== true) return false;
      const { reason, symbol } = e.last;
      const what = reason === null || reason === 'NOT_SPECIFIED' ? (symbol ?? 'no reason given') : reason;
      counts.set(what, (counts.get(what) ?? 0) + e.count);
      return true;
    },
    line: () => {
      const sorted = [...counts].toSorted((a, b) => b[1] - a[1]);
      if (sorted.length === 0) return null;
      const all = sorted.reduce((sum, [, n]) => sum + n, 0);
      const kinds = [
        ...sorted.slice(0, named).map(([what, n]) => `${n} × ${what}`),
        ...(sorted.length > named ? ['…'] : []),
      ];
      return `${all} × packets dropped that nobody waits for, or whose end the kernel does not explain, mostly no fault: ${kinds.join(', ')}`;
    },
  };
};
