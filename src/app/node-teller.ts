import type { ApiEvent, WatchEvent, WatchNames } from '../core/watch.ts';
import { probeJoiner } from './probe-joiner.ts';

/** Puts what a node's watch sees and what the API tells of its pods into one row. */
export interface NodeTeller {
  /** A frame of the watch; tells it, and what the API told until then. */
  readonly frame: (events: readonly WatchEvent[], atSeconds: number) => Promise<void>;
  /** Keeps it until the next frame: failed probes wait for their connects. `receivedMs`: performance.now(). */
  readonly api: (event: ApiEvent, receivedMs: number) => void;
  /** Tells what is left, where no frame said that it is the last. */
  readonly end: () => Promise<void>;
}

/** How many changes of readiness wait for a frame at most; then the oldest are forgotten. */
const mostFlips = 5000;

/** How many probes the end tells of. */
const talliesAtEnd = 20;

/** For one node. `concerns`: which events are told; all are joined. */
export const nodeTeller = (
  names: WatchNames,
  concerns: (e: WatchEvent) => boolean,
  tell: (events: readonly WatchEvent[]) => Promise<void>,
): NodeTeller => {
  const joiner = probeJoiner(names);
  let flips: (readonly [event: Extract<ApiEvent, { kind: 'ready' }>, receivedMs: number])[] = [];
  let clock: { readonly atSeconds: number; readonly ms: number } | null = null;
  let ended = false;

  const ofApi = (dueMs: number): WatchEvent[] => {
    const { atSeconds, ms } = clock ?? { atSeconds: 0, ms: performance.now() };
    const ready = flips.map(
      ([e, receivedMs]): WatchEvent => ({
        ...e,
        atSeconds: Math.max(0, atSeconds + (receivedMs - ms) / 1000),
      }),
    );
    flips = [];
    return [...ready, ...joiner.due(dueMs).map((e): WatchEvent => ({ ...e, atSeconds }))];
  };
  const last = (): WatchEvent[] => {
    ended = true;
    const { atSeconds } = clock ?? { atSeconds: 0 };
    const rest = ofApi(Number.POSITIVE_INFINITY);
    const tallies = joiner.tallies().toSorted((a, b) => b.fromNodePort - a.fromNodePort || b.failed - a.failed);
    return [
      ...rest,
      ...tallies.slice(0, talliesAtEnd).map((t): WatchEvent => ({ kind: 'probe-tally', atSeconds, ...t })),
    ];
  };
  const told = async (events: readonly WatchEvent[]): Promise<void> => {
    const some = events.filter(concerns);
    if (some.length > 0) await tell(some);
  };
  return {
    frame: async (events, atSeconds) => {
      const now = performance.now();
      clock = { atSeconds, ms: now };
      joiner.saw(events, now);
      const end = events.findIndex((e) => e.kind === 'end');
      if (end < 0) return await told([...events, ...ofApi(now)]);
      await told([...events.slice(0, end), ...last(), ...events.slice(end)]);
    },
    api: (event, receivedMs) => {
      if (event.kind !== 'ready') return joiner.failed(event, receivedMs);
      flips.push([event, receivedMs]);
      if (flips.length > mostFlips) flips.shift();
    },
    end: async () => {
      if (!ended) await told(last());
    },
  };
};
