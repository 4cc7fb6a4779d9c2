/** Kinds that are kept; the one that was seen longest ago makes room for a new one. */
const kindLimit = 500;

/** The rate is that of so many seconds. */
const rateSeconds = 10;

/** How often something came. Times are in seconds since the watch began, by the clock of who looks. */
export interface WatchKind {
  readonly text: string;
  readonly victim: boolean;
  readonly count: number;
  readonly lastSeconds: number;
  /** Of the last ten seconds. */
  readonly perSecond: number;
}

interface Counting {
  readonly victim: boolean;
  count: number;
  last: number;
  /** Of the last ten seconds: in which second, and how many. */
  readonly recent: [second: number, count: number][];
}

const perSecond = ({ recent }: Counting, now: number): number => {
  const first = Math.floor(now) - rateSeconds;
  const sum = recent.reduce((n, [second, count]) => (second > first ? n + count : n), 0);
  return sum / Math.min(rateSeconds, Math.max(1, now));
};

/** Counts a watch's events by kind. What had to make room is told as one more kind, the last. */
export interface WatchKinds {
  readonly add: (text: string, count: number, victim: boolean, now: number) => void;
  /** The most frequent of the last ten seconds first, then the most recent. */
  readonly list: (now: number) => readonly WatchKind[];
}

/** Makes one, for one watch. */
export const watchKinds = (): WatchKinds => {
  // in the order in which they were seen last
  const kinds = new Map<string, Counting>();
  let gone = 0;
  let goneLast = 0;
  const makeRoom = (): void => {
    for (const [text, kind] of kinds) {
      if (kinds.size <= kindLimit) return;
      kinds.delete(text);
      gone += kind.count;
      goneLast = kind.last;
    }
  };
  return {
    add: (text, count, victim, now) => {
      const kind = kinds.get(text) ?? { victim, count: 0, last: now, recent: [] };
      kinds.delete(text);
      kinds.set(text, kind);
      kind.count += count;
      kind.last = now;
      const second = Math.floor(now);
      const newest = kind.recent.at(-1);
      if (newest?.[0] === second) newest[1] += count;
      else kind.recent.push([second, count]);
      if (kind.recent.length > rateSeconds) kind.recent.shift();
      makeRoom();
    },
    list: (now) => {
      const told = [...kinds].map(
        ([text, k]): WatchKind => ({
          ...{ text, victim: k.victim, count: k.count, lastSeconds: k.last, perSecond: perSecond(k, now) },
        }),
      );
      return [
        ...told.toSorted((a, b) => b.perSecond - a.perSecond || b.lastSeconds - a.lastSeconds || b.count - a.count),
        ...(gone === 0
          ? []
          : [{ text: 'more of other kinds', victim: false, count: gone, lastSeconds: goneLast, perSecond: 0 }]),
      ];
    },
  };
};
