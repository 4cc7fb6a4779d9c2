import { helloOf, type StreamEnd } from '../collector/decode.ts';
import { splitLines } from '../collector/split-lines.ts';

/** One frame of a watch. */
export interface WatchFrame {
  /** Lines as {@link file://./reduce.ts} says, each with its end. */
  readonly text: string;
  /** When it was written, in seconds since the node's boot. */
  readonly atSeconds: number;
  /** How many frames before it did not come, or not whole. */
  readonly missed: number;
}

/** How a watch ended. */
export interface WatchOver extends StreamEnd {
  /** What ended it before its time, as a clause; left out where nothing did, or nobody knows. */
  readonly why?: string;
}

interface Open {
  readonly sample: string;
  lines: string[];
  size: number;
}

/** No frame of ours is longer: forty lines of 500 characters, and who opened ten connections. */
const frameLimit = 65_536;

const beginMark = /^(\S+) (\d{1,7}) (\d{1,10}\.\d\d)$/;
const endMark = /^(\S+) (\d{1,7}) (\d{1,10}\.\d\d) 0 (\d{1,6}) 0$/;

const bytes = (lines: readonly string[]): number =>
  lines.length === 0 ? 0 : lines.reduce((n, l) => n + Buffer.byteLength(l) + 1, -1);

/**
 * Understands what the watch program prints, frame by frame as they come. A frame is told once, whatever comes again (a log that is read
 * from its beginning after its connection was cut): they are numbered. Lines that are no frame of this nonce, and frames that are cut or
 * bent, are passed over; the next one says how many are missing. Without a nonce the first line's own counts.
 */
export async function* watchFrames(
  chunks: AsyncIterable<string>,
  id: string,
  nonce: string | null,
): AsyncGenerator<WatchFrame, StreamEnd> {
  let hello: StreamEnd['hello'] = null;
  let open: Open | null = null;
  let next = 0;
  let lost = 0;
  const close = (frame: Open | null, rest: string): WatchFrame | null => {
    const [, of, sample, at, length] = endMark.exec(rest) ?? [];
    const whole = frame && of === id && sample === frame.sample && bytes(frame.lines) === Number(length);
    if (!whole || frame.size > frameLimit || !frame.lines.every((l) => l.startsWith('|'))) return null;
    const number = Number(sample);
    if (number < next) return null;
    const missed = number - next;
    lost += missed;
    next = number + 1;
    return { text: frame.lines.map((l) => `${l.slice(1)}\n`).join(''), atSeconds: Number(at), missed };
  };
  for await (const line of splitLines(chunks)) {
    hello ??= helloOf(line, nonce);
    if (!hello) continue;
    const mark = `@${hello.nonce} `;
    if (!line.startsWith(mark)) {
      if (!open) continue;
      open.size += line.length + 1;
      if (open.size <= frameLimit) open.lines.push(line);
      continue;
    }
    const kind = line.slice(mark.length, mark.length + 2);
    const rest = line.slice(mark.length + 2);
    if (kind === 'B ') {
      const [, of, sample = ''] = beginMark.exec(rest) ?? [];
      open = of === id ? { sample, lines: [], size: 0 } : null;
    } else if (kind === 'E ') {
      const frame = close(open, rest);
      open = null;
      if (frame) yield frame;
    } else if (kind === 'Z ') {
      const frames = Number(rest.split(' ')[1]);
      return { complete: frames === next && lost === 0, hello };
    }
  }
  return { complete: false, hello };
}
