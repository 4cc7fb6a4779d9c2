import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { defined } from '../../lib/defined.ts';
import { createPatience, serverPatienceMs } from './patience.ts';
import { containerName } from './pod.ts';
import { isPodGone } from './vitals.ts';
import { type PodRef, podPath } from './watch.ts';

/** Which part of a log is followed, and how long one waits for it. */
interface Following {
  /** What is not older than so many seconds, by the node's clock; from its beginning where it is left out. */
  readonly sinceSeconds?: number;
  /** How long the answer may take to begin. */
  readonly timeoutMs?: number;
}

/** Begins to follow the log. Throws {@link ApiError} (400 while the container has not started). */
export const followLog = (
  api: KubeApi,
  pod: PodRef,
  signal: AbortSignal,
  { sinceSeconds, timeoutMs }: Following = {},
): Promise<AsyncIterable<string>> => {
  const since = sinceSeconds === undefined ? '' : `&sinceSeconds=${sinceSeconds}`;
  return api.stream(`${podPath(pod)}/log?follow=true&container=${containerName}${since}`, {
    ...{ signal, ...defined({ timeoutMs }) },
  });
};

/** How a log that numbers what it says, and says something every second, is asked for anew. */
export interface Resuming {
  /** From shortly before what came last on; the signal ends what it gives. */
  readonly reopen: (signal: AbortSignal, timeoutMs: number) => Promise<AsyncIterable<string>>;
  /** Told why it is asked for anew. */
  readonly onTrouble: (text: string) => void;
  readonly signal: AbortSignal;
}

/** How the log is asked for anew. */
export interface Reopening {
  readonly reopen: () => Promise<AsyncIterable<string>>;
  /** Told why it is asked for anew. */
  readonly onTrouble: (text: string) => void;
  readonly signal: AbortSignal;
}

/** How much of what came last is compared when the log is read again. */
const overlap = 256;
/** How often a stream may be opened that then breaks without anything new. */
const fruitlessLimit = 4;
/** The longest pause between two attempts, in milliseconds. */
const pauseLimitMs = 500;

/** How long a log that says something every second may be silent before it is asked for anew, in milliseconds: connections die without a word. */
const silentMs = 10_000;

/** The longest pause before a log is resumed, in milliseconds. */
const resumeLimitMs = 2000;

/** What came instead of the log: a kubelet whose container runtime is away says so in a text, with status 200. */
class OtherText extends Error {}

/** Gives the part of a log that lies behind what was seen already. Throws {@link OtherText} if it is another text. */
async function* after(chunks: AsyncIterable<string>, seen: number, tail: string): AsyncGenerator<string, void> {
  let before = '';
  let length = 0;
  for await (const chunk of chunks) {
    const skip = Math.min(chunk.length, Math.max(0, seen - length));
    length += chunk.length;
    if (skip > 0) before = (before + chunk.slice(0, skip)).slice(-overlap);
    if (length < seen) continue;
    if (before.slice(-tail.length) !== tail) throw new OtherText('another log came when it was read again');
    if (chunk.length > skip) yield chunk.slice(skip);
  }
  if (length < seen) throw new OtherText(before.trim() || 'an empty log came when it was read again');
}

const hopeless = (failure: ApiError): boolean => isPodGone(failure) || failure.status === 401 || failure.status === 403;

/**
 * The whole log as one text, once: when the stream ends or breaks while the reader still wants more, the log is read again from
 * its beginning and what was seen is passed over. Bears a server or kubelet that is away for as long as it takes to restart. Ends when reading
 * again brings nothing new, when it cannot be read any more (returns why), or when the signal is aborted.
 */
export async function* wholeLog(
  opened: AsyncIterable<string>,
  { reopen, onTrouble, signal }: Reopening,
): AsyncGenerator<string, Error | null> {
  let seen = 0;
  let tail = '';
  let fruitless = 0;
  let pauseMs = 0;
  let source: AsyncIterable<string> | null = opened;
  const patience = createPatience(serverPatienceMs);
  while (!signal.aborted) {
    const start = seen;
    const again = source === null;
    const began = performance.now();
    let failure: Error | null = null;
    let open = !again;
    try {
      const chunks: AsyncIterable<string> = source ?? after(await reopen(), seen, tail);
      open = true;
      for await (const text of chunks) {
        seen += text.length;
        tail = (tail + text).slice(-overlap);
        patience.heals();
        yield text;
      }
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof ApiError || error instanceof OtherText)) throw error;
      failure = error;
    }
    const fresh = seen > start;
    if (again && failure === null && !fresh) return null;
    if (failure instanceof ApiError && hopeless(failure)) return failure;
    if (failure && again && !fresh) {
      if (patience.fails(began) || (open && failure instanceof ApiError && ++fruitless >= fruitlessLimit))
        return failure;
    }
    if (failure) onTrouble(failure.message);
    source = null;
    pauseMs = fresh ? 0 : Math.min(pauseMs + 100, pauseLimitMs);
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/** What comes next; null where nothing came for too long. */
const nextOf = async (chunks: AsyncIterator<string>): Promise<IteratorResult<string> | null> => {
  const over = new AbortController();
  try {
    return await Promise.race([chunks.next(), sleep(silentMs, null, { signal: over.signal })]);
  } finally {
    over.abort();
  }
};

/**
 * A log that numbers what it says, for as long as it is wanted: whenever the stream ends, breaks or falls silent, what came since shortly before its last word
 * is read again, so some of it comes twice, and after a rotation some of it may not come. A line that was cut is ended. Bears a server or kubelet that is away,
 * however long. Ends when it cannot be read any more (returns why), or when the signal is aborted.
 */
export async function* resumedLog(
  opened: AsyncIterable<string>,
  { reopen, onTrouble, signal }: Resuming,
): AsyncGenerator<string, Error | null> {
  let source: AsyncIterable<string> | null = opened;
  let pauseMs = 0;
  while (!signal.aborted) {
    let why = 'the stream of its log ended';
    const over = new AbortController();
    try {
      source ??= await reopen(AbortSignal.any([signal, over.signal]), silentMs);
      const chunks = source[Symbol.asyncIterator]();
      for (;;) {
        const next = await nextOf(chunks);
        if (next === null) why = `nothing came for ${silentMs / 1000} s`;
        if (next === null || next.done) break;
        pauseMs = 0;
        yield next.value;
      }
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof ApiError)) throw error;
      if (hopeless(error)) return error;
      why = error.message;
    } finally {
      over.abort(new Error('the log is read by another stream'));
    }
    source = null;
    yield '\n';
    onTrouble(why);
    pauseMs = Math.min(pauseMs + 250, resumeLimitMs);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return null;
}
