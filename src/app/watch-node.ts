import type { WatchEvent } from '../core/watch.ts';
import { isLittleEndian } from '../parsers/byte-order.ts';
import { parseWatchFrame } from '../parsers/watch-frame.ts';
import type { WatchFrame, WatchOver } from '../transports/watch/frames.ts';

/** How many connects whose answer went elsewhere are kept for the judging. */
const keptEvents = 500;

/** Why the program on the node ended before its time, see transports/watch/reduce.ts. */
const endings: Readonly<Record<string, string>> = {
  parent: 'its shell was ended',
  input: 'the trace came to an end',
};

/** What makes a watch of one node. */
interface NodeWatch {
  /** In a sentence: "this machine", "node vm1". */
  readonly name: string;
  readonly frames: AsyncGenerator<WatchFrame, WatchOver>;
  /** Which of what is found counts. */
  readonly concerns: (e: WatchEvent) => boolean;
  /** How long it goes on after the first connect that counts and whose answer went elsewhere, in milliseconds; null: to its end. */
  readonly lingerMs: number | null;
  /** Aborted when the watch is to end before its time, which is no fault of it. */
  readonly signal: AbortSignal;
  /** Told of every frame, one or two a second: what happened, and the time by the node's clock. */
  readonly onFrame: (events: readonly WatchEvent[], atSeconds: number) => Promise<void>;
}

/** What a watch of one node came to. */
export interface WatchedNode {
  /** Connects that count and whose answer IPVS took. */
  readonly found: readonly WatchEvent[];
  /** For how long it was watched, in seconds by the node's clock; null: not at all. */
  readonly seconds: number | null;
  /** That it was not watched to its end; `why` is a clause, null where nobody knows. Null where it was, or had enough. */
  readonly broken: { readonly why: string | null } | null;
  /** What of it did not come, though it went on; null where all did. */
  readonly missing: string | null;
}

const tenths = (n: number): number => Math.round(n * 10) / 10;

/** Tells what a node's watch sees, as it comes, until its end. Throws what the frames throw before the first of them. */
export const watchNode = async (w: NodeWatch): Promise<WatchedNode> => {
  const found: WatchEvent[] = [];
  let missed = 0;
  let ended = false;
  let early: string | null = null;
  let foundMs: number | null = null;
  let firstSeconds: number | null = null;
  let lastSeconds = 0;
  let littleEndian: boolean | null = null;
  const watched = (broken: WatchedNode['broken']): WatchedNode => ({
    ...{ found, broken, seconds: firstSeconds === null ? null : tenths(Math.max(0, lastSeconds - firstSeconds)) },
    missing:
      missed === 0
        ? null
        : `${missed} ${missed === 1 ? 'message' : 'messages'} of the watch of ${w.name} did not come, a second or two each`,
  });
  const whole = { complete: true, hello: null };
  try {
    for (;;) {
      const next = await w.frames.next();
      if (next.done) {
        const cut = (!ended || early !== null) && !w.signal.aborted;
        return watched(cut ? { why: next.value.why ?? early } : null);
      }
      const { text, atSeconds } = next.value;
      missed += next.value.missed;
      littleEndian ??= isLittleEndian(text.split('\n'));
      // its first words may be lost; every platform that Kubernetes nodes run on is, but s390x
      const events = parseWatchFrame(text, atSeconds, littleEndian ?? true);
      for (const e of events) {
        if (e.kind === 'begin' && e.by === 'none') return watched({ why: e.why });
        ended ||= e.kind === 'end';
        if (e.kind === 'end' && e.why !== 'time') early = endings[e.why] ?? e.why;
        if ((e.kind === 'connect' || e.kind === 'socket') && e.mirrors.length > 0 && w.concerns(e))
          if (found.length < keptEvents) found.push(e);
      }
      firstSeconds ??= atSeconds;
      lastSeconds = atSeconds;
      await w.onFrame(events, atSeconds);
      if (found.length > 0) foundMs ??= performance.now();
      if (w.lingerMs !== null && foundMs !== null && performance.now() - foundMs >= w.lingerMs) return watched(null);
    }
  } finally {
    await w.frames.return(whole);
  }
};
