import { endianness } from 'node:os';
import { TransportError } from '../core/transport.ts';
import type { WatchEvent, WatchNames } from '../core/watch.ts';
import { parseWatchFrame } from '../parsers/watch-frame.ts';
import { watchLocally } from '../transports/watch/local.ts';
import { writeWatch } from '../transports/watch/program.ts';
import { nonce } from './nonce.ts';
import type { DiagnoseRequest, RunContext, Watcher } from './request.ts';

/** How many connects whose answer went elsewhere are kept for the judging. */
const keptEvents = 500;

/**
 * Watches this machine and tells what it sees; gives the connects whose answer IPVS took. Ends early, without an error, when the run is
 * interrupted. Throws {@link TransportError} where the machine cannot be watched at all, or the watch breaks
 * off with nothing found. `write`: the program, for tests.
 */
export const watchHere = async (
  { seconds, untilFound }: NonNullable<DiagnoseRequest['watch']>,
  names: WatchNames,
  watcher: Watcher,
  context: Pick<RunContext, 'signal' | 'onProgress'>,
  write: typeof writeWatch = writeWatch,
): Promise<readonly WatchEvent[]> => {
  const kept: WatchEvent[] = [];
  const frames = watchLocally({ nonce: nonce(), runId: nonce(), seconds }, context.signal, write);
  let missed = 0;
  for (;;) {
    const next = await frames.next();
    if (next.done) {
      const broken = (!next.value.complete && !context.signal.aborted) || missed > 0;
      const why = 'the watch broke off before its end, or not all of it came';
      // nothing found in half a watch is no good news
      if (broken && kept.length === 0) throw new TransportError(`${why}.`);
      if (broken) context.onProgress({ kind: 'note', text: why });
      return kept;
    }
    missed += next.value.missed;
    const events = parseWatchFrame(next.value.text, next.value.atSeconds, endianness() === 'LE');
    for (const e of events) {
      if (e.kind === 'begin' && e.by === 'none') throw new TransportError(`This machine cannot be watched: ${e.why}.`);
      if ((e.kind === 'connect' || e.kind === 'socket') && e.mirrors.length > 0 && kept.length < keptEvents)
        kept.push(e);
    }
    if (events.length > 0) await watcher.onEvents(events, names, null);
    if (untilFound && kept.length > 0) {
      await frames.return({ complete: true, hello: null });
      return kept;
    }
  }
};
