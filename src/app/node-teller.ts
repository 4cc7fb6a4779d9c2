import type { ApiEvent, WatchEvent, WatchNames } from '../core/watch.ts';
import { probeJoiner } from './probe-joiner.ts';

/** Puts what a node's watch sees and what the API tells of its pods into one row. */
export interface NodeTeller {
  /** A frame of the watch; tells it, and what the API told until then. */
  readonly frame: (events: readonly WatchEvent[], atSeconds: number) => Promise<void>;
  /** Keeps it until the next frame: failed probes wait for their connects. `receivedMs`: performance.now(). */
  readonly api: (event: ApiEvent, receivedMs: number) => void;
  /** To be called about once a second: tells what the API told, if no frame has come for some seconds (the node's log is away). */
  readonly tick: () => Promise<void>;
  /** Tells what is left, where no frame said that it is the last. */
  readonly end: () => Promise<void>;
}

/** How long no frame may come until what the API told is told without one, in milliseconds: they come once a second. */
const quietMs = 5000;

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
  let telling = 0;

  const ofApi = (nowMs: number, dueMs = nowMs): WatchEvent[] => {
    const { atSeconds, ms } = clock ?? { atSeconds: 0, ms: nowMs };
    const ready = flips.map(
      ([e, receivedMs]): WatchEvent => ({
        ...e,
        atSeconds: Math.max(0, atSeconds + (receivedMs - ms) / 1000),
      }),
    );
    flips = [];
    const now = atSeconds + (nowMs - ms) / 1000;
    return [...ready, ...joiner.due(dueMs).map((e): WatchEvent => ({ ...e, atSeconds: now }))];
  };
  const last = (nowMs: number): WatchEvent[] => {
    ended = true;
    const { atSeconds } = clock ?? { atSeconds: 0 };
    const rest = ofApi(nowMs, Number.POSITIVE_INFINITY);
    const tallies = joiner.tallies().toSorted((a, b) => b.fromNodePort - a.fromNodePort || b.failed - a.failed);
    return [
      ...rest,
      ...tallies.slice(0, talliesAtEnd).map((t): WatchEvent => ({ kind: 'probe-tally', atSeconds, ...t })),
    ];
  };
  const told = async (events: readonly WatchEvent[]): Promise<void> => {
    const some = events.filter(concerns);
    if (some.length === 0) return;
    telling += 1;
    try {
      await tell(some);
    } finally {
      telling -= 1;
    }
  };
  return {
    frame: async (events, atSeconds) => {
      const now = performance.now();
      clock = { atSeconds, ms: now };
      joiner.saw(events, now);
      const end = events.findIndex((e) => e.kind === 'end');
      if (end < 0) return await told([...events, ...ofApi(now)]);
      await told([...events.slice(0, end), ...last(now), ...events.slice(end)]);
    },
    api: (event, receivedMs) => {
      if (ended) return;
      if (event.kind !== 'ready') return joiner.failed(event, receivedMs);
      flips.push([event, receivedMs]);
      if (flips.length > mostFlips) flips.shift();
    },
    tick: async () => {
      const now = performance.now();
      // before its first frame it is not watched; who reads slowly is not to be told more
      if (clock !== null && telling === 0 && !ended && now - clock.ms >= quietMs) await told(ofApi(now));
    },
    end: async () => {
      if (!ended) await told(last(performance.now()));
    },
  };
};
