import type { WatchEvent, WatchNames } from '../core/watch.ts';
import { printable } from '../lib/printable.ts';
import { harmlessDrops } from './harmless-drops.ts';
import { sinceBegin } from './since-begin.ts';
import { watchText } from './watch-text.ts';

/** For how long kinds of events are counted before a line tells them, in seconds. */
const gatherSeconds = 10;

/** Kinds that are told apart within that time; what is more is told as one. */
const kindLimit = 40;

/** What a node tells, as lines of a time and a text. */
const linesOf = (): ((events: readonly WatchEvent[], names: WatchNames) => readonly (readonly [string, string])[]) => {
  const counts = new Map<string, number>();
  const told = new Set<string>();
  const harmless = harmlessDrops();
  let began: number | null = null;
  let since = 0;
  const flush = (at: number): string[] => {
    const lines = [...counts].toSorted((a, b) => b[1] - a[1]).map(([text, n]) => `${n} × ${text}`);
    counts.clear();
    told.clear();
    since = at;
    return lines;
  };
  return (events, names) =>
    events.flatMap((e) => {
      began ??= e.atSeconds;
      if (counts.size === 0 && told.size === 0) since = e.atSeconds;
      const text = watchText(e, names);
      const whole = text.line;
      const alike = text.victim ? null : text.alike;
      const again = alike !== null && told.has(alike[0]);
      if (alike !== null && told.size < kindLimit) told.add(alike[0]);
      const count = again ? alike : harmless.take(e) ? null : text.counted;
      if (count) {
        const kind = counts.has(count[0]) || counts.size < kindLimit ? count[0] : 'more of other kinds';
        counts.set(kind, (counts.get(kind) ?? 0) + count[1]);
      }
      const due = e.kind === 'end' || e.atSeconds - since >= gatherSeconds;
      const last = e.kind === 'end' ? harmless.line() : null;
      const lines = [
        ...(whole === null || again ? [] : [whole]),
        ...(due ? flush(e.atSeconds) : []),
        ...(last === null ? [] : [last]),
      ];
      const at = sinceBegin(e.atSeconds - began);
      return lines.map((l) => [at, l] as const);
    });
};

/**
 * Turns what a watch tells into lines for people, each with the seconds since its beginning, and the node where there may be several: single
 * events as they come, the others by kind every ten seconds and at the end, and so those that were like one before but for the client's port; at the end also the drops that are
 * mostly no fault. Each node counts by itself, by its own clock. Remembers what it has counted, so one is made for each watch.
 */
export const plainWatch = (): ((
  events: readonly WatchEvent[],
  names: WatchNames,
  node: string | null,
) => readonly string[]) => {
  const nodes = new Map<string | null, ReturnType<typeof linesOf>>();
  return (events, names, node) => {
    const lines = nodes.get(node) ?? linesOf();
    nodes.set(node, lines);
    return lines(events, names).map(([at, text]) => printable(`${at}  ${node === null ? '' : `${node}  `}${text}`));
  };
};
