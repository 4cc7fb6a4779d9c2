import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import stringWidth from 'string-width';
import type { LiveWatch } from '../core/reporter.ts';
import type { WatchEvent, WatchNames } from '../core/watch.ts';
import type { Output } from './streams.ts';
import { write } from './write.ts';

const drawMs = 500;

/** Who was silent for so long was stopped (Ctrl-Z), and others wrote to the terminal meanwhile. */
const stoppedMs = 5000;

/** Rows of a terminal that does not say how many it has. */
const usualRows = 24;

/** A watch on a terminal, until it is stopped. */
export interface LiveView {
  readonly onEvents: (events: readonly WatchEvent[], names: WatchNames, node: string | null) => Promise<void>;
  /** Takes the block away while something else is written to the terminal. */
  readonly aside: (writeIt: () => void) => void;
  /** Takes the block away for good and writes what stays of it. A second time it does nothing. */
  readonly stop: () => void;
}

/**
 * Shows a watch on a terminal: lines that stay, and below them a block that is drawn twice a second. The cursor is never hidden and the terminal
 * is left in no mode, so nothing is to be put right after a kill. What is told after its end is told to nobody. `now`: monotonic milliseconds.
 */
export const liveView = async (stream: Output, now: () => number, watch: LiveWatch): Promise<LiveView> => {
  const { createLogUpdate } = await import('log-update');
  const log = createLogUpdate(stream, { showCursor: true });
  const began = now();
  const seconds = (): number => (now() - began) / 1000;
  const columns = (): number => stream.columns ?? 80;
  let drawn: readonly string[] = [];
  let drawnColumns = 0;
  let drawnAt = began;
  const forget = (): void => {
    log.done();
    drawn = [];
    drawnColumns = 0;
  };
  const clear = (): void => {
    if (columns() < drawnColumns) {
      // a terminal that was made narrower has broken the lines into more rows than log-update knows of
      const rows = drawn.reduce((n, line) => n + Math.max(1, Math.ceil(stringWidth(line) / columns())), 0);
      moveCursor(stream, 0, -rows);
      cursorTo(stream, 0);
      clearScreenDown(stream);
    } else if (drawn.length > 0) log.clear();
    forget();
  };
  const draw = (): void => {
    if (now() - drawnAt > stoppedMs) forget();
    else if (columns() < drawnColumns) clear();
    drawnAt = now();
    drawnColumns = columns();
    // in the last column some terminals wait before they begin a new row
    drawn = watch.block(seconds(), drawnColumns - 1, stream.rows ?? usualRows);
    log(drawn.join('\n'));
  };
  let timer: NodeJS.Timeout | null = setInterval(draw, drawMs);
  timer.unref();
  draw();
  return {
    onEvents: async (events, names, node) => {
      const lines = watch.add(events, names, node, seconds());
      if (lines.length === 0 || timer === null) return;
      clear();
      const written = write(stream, `${lines.join('\n')}\n`);
      draw();
      await written;
    },
    aside: (writeIt) => {
      clear();
      writeIt();
      if (timer !== null) draw();
    },
    stop: () => {
      if (timer === null) return;
      clearInterval(timer);
      timer = null;
      clear();
      for (const line of watch.ending(seconds())) stream.write(`${line}\n`);
    },
  };
};
