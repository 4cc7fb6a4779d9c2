import { TransportError } from '../core/transport.ts';
import type { WatchEvent } from '../core/watch.ts';
import { parseWatchFrame } from '../parsers/watch-frame.ts';
import type { StreamEnd } from '../transports/collector/decode.ts';
import type { WatchFrame } from '../transports/watch/frames.ts';

/** How many connects whose answer went elsewhere are kept for the judging. */
const keptEvents = 500;

/** Why the program on the node ended before its time, see transports/watch/reduce.ts. */
const endings: Readonly<Record<string, string>> = {
  parent: 'its shell was ended',
  input: 'the trace came to an end',
};

/** What makes a watch of one node. */
interface NodeWatch {
  /** As a sentence begins: "This machine", "Node vm1". */
  readonly name: string;
  readonly frames: AsyncGenerator<WatchFrame, StreamEnd>;
  readonly littleEndian: boolean;
  /** How long it goes on after the first connect whose answer went elsewhere, in milliseconds; null: to its end. */
  readonly lingerMs: number | null;
  /** Aborted when the watch is to end before its time, which is no fault of it. */
  readonly signal: AbortSignal;
  /** Told of every frame, one or two a second: what happened, and the time by the node's clock. */
  readonly onFrame: (events: readonly WatchEvent[], atSeconds: number) => Promise<void>;
}

/** What a watch of one node came to. */
export interface WatchedNode {
  /** Connects whose answer IPVS took. */
  readonly found: readonly WatchEvent[];
  /** Why it broke off before its end; null where it did not. */
  readonly broken: string | null;
  /** What of it did not come, though it went on; null where all did. */
  readonly missing: string | null;
}

/** Tells what a node's watch sees, as it comes, until its end. Throws {@link TransportError} where it cannot be watched at all, and what the frames throw. */
export const watchNode = async (w: NodeWatch): Promise<WatchedNode> => {
  const found: WatchEvent[] = [];
  let missed = 0;
  let ended = false;
  let early: string | null = null;
  let foundMs: number | null = null;
  const missing = (): string | null =>
    missed === 0
      ? null
      : `${missed} ${missed === 1 ? 'message' : 'messages'} of the watch of ${w.name} did not come, a second or two each`;
  const whole = { complete: true, hello: null };
  try {
    for (;;) {
      const next = await w.frames.next();
      if (next.done) {
        const cut = (!ended || early !== null) && !w.signal.aborted;
        const broken = cut
          ? `the watch of ${w.name} broke off before its end${early === null ? '' : ` (${early})`}`
          : null;
        return { found, broken, missing: missing() };
      }
      missed += next.value.missed;
      const events = parseWatchFrame(next.value.text, next.value.atSeconds, w.littleEndian);
      for (const e of events) {
        if (e.kind === 'begin' && e.by === 'none') throw new TransportError(`${w.name} cannot be watched: ${e.why}.`);
        ended ||= e.kind === 'end';
        if (e.kind === 'end' && e.why !== 'time') early = endings[e.why] ?? e.why;
        if ((e.kind === 'connect' || e.kind === 'socket') && e.mirrors.length > 0 && found.length < keptEvents)
          found.push(e);
      }
      await w.onFrame(events, next.value.atSeconds);
      if (found.length > 0) foundMs ??= performance.now();
      if (w.lingerMs !== null && foundMs !== null && performance.now() - foundMs >= w.lingerMs)
        return { found, broken: null, missing: missing() };
    }
  } finally {
    await w.frames.return(whole);
  }
};
