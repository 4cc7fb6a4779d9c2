import { type Gap, missing } from '../../core/gap.ts';
import type { NodeRead, Output, Raw } from '../../core/read.ts';
import { interpret } from './interpret.ts';
import { answerLimitBytes, streamLimitBytes } from './program.ts';
import { splitLines } from './split-lines.ts';
import { upTo } from './up-to.ts';

/** What the first line of a stream says: where and how the program ran. */
export interface Hello {
  readonly nonce: string;
  /** Effective user id; null where `id` is missing. */
  readonly uid: number | null;
  readonly windowSeconds: number;
  readonly hostName: string;
}

/** How a stream ended: whether its end mark was seen and no frame before it lost, and what its first line said. */
export interface StreamEnd {
  readonly complete: boolean;
  readonly hello: Hello | null;
}

interface Frame {
  readonly id: string;
  readonly sample: string;
  /** Seconds of the node's clock at its beginning, as it came. */
  readonly at: string;
  readonly out: string[];
  readonly err: string[];
  inErrors: boolean;
  /** Characters taken so far; beyond the limit nothing is kept, and the frame is not whole. */
  size: number;
}

/** No frame of ours is longer: base64 makes an answer a third longer, bars before its lines twice as long, and errors come on top. */
const frameLimit = 5 * answerLimitBytes;

/** No window has more samples: at five in a second, ten minutes have 3000. */
const sampleLimit = 10_000;

const tooMuch = (limitBytes: number): string =>
  `the node sent more than ${limitBytes / 1_048_576} MiB, and what came behind is not read`;

const endMark = /^(\S+) (\d{1,7}) (\d{1,10}\.\d\d) (\d{1,3}) (\d{1,8}) (\d{1,8})$/;

/** Understands the first line of a stream, of this nonce or (null) of any; null if it is another line. */
export const helloOf = (line: string, nonce: string | null): Hello | null => {
  const m = /^@([A-Za-z0-9]{16,}) H netdoctor-stream 1 mode=\S+ uid=(\d+|-) window=(\d+) host=(\S*)$/.exec(line);
  if (!m || (nonce !== null && m[1] !== nonce)) return null;
  return {
    nonce: m[1] ?? '',
    uid: m[2] === '-' ? null : Number(m[2]),
    windowSeconds: Number(m[3]) / 100,
    hostName: m[4] ?? '',
  };
};

/** Of such a read there may be more answers to come. */
const repeats = ({ sampling }: NodeRead): boolean => sampling === 'often' || sampling === 'twice';

/** In bytes, as a shell in the C locale counts. */
const lengthOf = (lines: readonly string[]): number =>
  lines.length === 0 ? 0 : lines.reduce((n, l) => n + Buffer.byteLength(l) + 1, -1);

/** Base64, or lines behind a bar where the node has no base64. Null if it is neither. */
const textOf = (lines: readonly string[]): string | null => {
  if (lines.length === 0) return '';
  if (lines.every((l) => l.startsWith('|'))) return lines.map((l) => `${l.slice(1)}\n`).join('');
  const all = lines.join('');
  return /^[A-Za-z0-9+/]*={0,2}$/.test(all) ? Buffer.from(all, 'base64').toString('utf8') : null;
};

/**
 * Understands what the collector program prints: yields each read with its answers as soon as they are complete, then, at the end
 * of the stream, the reads that have none, with the reason. Lines that are no frame of this nonce are passed over; a frame that is
 * cut, bent or out of order is `truncated`. Never throws on content. Lines, answers and the stream as a whole have limits: at the
 * last, reading ends, and what has no whole answer by then is `truncated`, which says so.
 * Without a nonce (a bundle) the first line's own counts. `limitBytes` bounds the stream as a whole.
 */
export async function* decode(
  chunks: AsyncIterable<string>,
  reads: readonly NodeRead[],
  nonce: string | null,
  limitBytes: number = streamLimitBytes,
): AsyncGenerator<readonly [NodeRead, Raw], StreamEnd> {
  const byId = new Map(reads.map((r) => [r.id, r]));
  const answers = new Map<string, Output[]>();
  const broken = new Map<string, Gap>();
  const told = new Set<string>();
  let hello: Hello | null = null;
  let open: Frame | null = null;
  let ends = 0;
  let over = false;
  let complete = false;
  let cut = false;

  const truncated = (id: string, why = 'did not come whole'): void => {
    if (byId.has(id)) broken.set(id, { kind: 'truncated', detail: `the answer of ${id} ${why}` });
  };
  const close = (frame: Frame, rest: string): void => {
    const [, id, sample, at, exit, outLength, errLength] = endMark.exec(rest) ?? [];
    const stdout = textOf(frame.out);
    const stderr = textOf(frame.err);
    const before = answers.get(frame.id) ?? [];
    const whole =
      id === frame.id &&
      sample === frame.sample &&
      Number(sample) === before.length &&
      before.length < sampleLimit &&
      // a clock that has lost a digit is behind its beginning
      Number(at) >= Number(frame.at) &&
      frame.size <= frameLimit &&
      lengthOf(frame.out) === Number(outLength) &&
      lengthOf(frame.err) === Number(errLength);
    if (!whole || stdout === null || stderr === null) {
      truncated(frame.id);
      return;
    }
    answers.set(frame.id, before);
    before.push({ stdout, stderr, exit: Number(exit), sample: before.length, atMs: Math.round(Number(at) * 1000) });
  };
  const rawOf = (read: NodeRead): Raw => {
    const gap = broken.get(read.id);
    if (gap) return { ok: false, gap };
    const [first, ...more] = answers.get(read.id) ?? [];
    if (!first) return missing('not-collected', `${read.id} was not read`);
    return interpret(read, [first, ...more]);
  };
  const take = (line: string): NodeRead | null => {
    hello ??= helloOf(line, nonce);
    if (!hello) return null;
    const mark = `@${hello.nonce} `;
    if (!line.startsWith(mark)) {
      if (!open) return null;
      // no line of ours is empty
      open.size += line === '' ? Number.POSITIVE_INFINITY : line.length + 1;
      if (open.size <= frameLimit) (open.inErrors ? open.err : open.out).push(line);
      return null;
    }
    const rest = line.slice(mark.length + 2);
    const [id = '', sample = '', at = ''] = rest.split(' ', 3);
    switch (line.slice(mark.length).split(' ', 1)[0]) {
      case 'B':
        if (open) truncated(open.id);
        open = { id, sample, at, out: [], err: [], inErrors: false, size: 0 };
        return null;
      case 'S':
        if (open) open.inErrors = true;
        return null;
      case 'E': {
        const frame: Frame | null = open;
        open = null;
        ends++;
        if (frame?.id !== id) truncated(id);
        const read = byId.get(frame?.id ?? '');
        if (!frame || !read) return null;
        close(frame, rest);
        return repeats(read) ? null : read;
      }
      case 'Z':
        over = true;
        complete = sample === String(ends);
        return null;
      default:
        return null;
    }
  };

  const taken = upTo(chunks, limitBytes, () => {
    cut = true;
  });
  for await (const line of splitLines(taken)) {
    const read = take(line);
    if (read && !told.has(read.id)) {
      told.add(read.id);
      yield [read, rawOf(read)];
    }
    if (over) break;
  }
  const last = open as Frame | null;
  if (last) truncated(last.id);
  for (const read of reads) {
    if (told.has(read.id)) continue;
    if (cut) truncated(read.id, `did not come whole: ${tooMuch(limitBytes)}`);
    else if (!complete && repeats(read) && answers.has(read.id)) truncated(read.id);
    yield [read, rawOf(read)];
  }
  return { complete, hello };
}
