import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { containerName } from './pod.ts';
import { type PodRef, podPath } from './watch.ts';

/** Begins to follow the log. Throws {@link ApiError} (400 while the container has not started). */
export const followLog = (api: KubeApi, pod: PodRef, signal: AbortSignal): Promise<AsyncIterable<string>> =>
  api.stream(`${podPath(pod)}/log?follow=true&container=${containerName}`, { signal });

/** How much of what came last is compared when the log is read again. */
const overlap = 256;
const attempts = 4;

/** Gives the part of a log that lies behind what was seen already; nothing if it is another text. */
async function* after(chunks: AsyncIterable<string>, seen: number, tail: string): AsyncGenerator<string, void> {
  let before = '';
  let length = 0;
  for await (const chunk of chunks) {
    const skip = Math.min(chunk.length, Math.max(0, seen - length));
    length += chunk.length;
    if (skip > 0) before = (before + chunk.slice(0, skip)).slice(-overlap);
    if (length < seen) continue;
    if (before.slice(-tail.length) !== tail) return;
    if (chunk.length > skip) yield chunk.slice(skip);
  }
}

/**
 * The whole log as one text, once: when the stream ends or breaks while the reader still wants more, the log is read again from
 * its beginning and what was seen is passed over. Ends when reading again brings nothing new, or when the signal is aborted.
 */
export async function* wholeLog(
  opened: AsyncIterable<string>,
  reopen: () => Promise<AsyncIterable<string>>,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  let seen = 0;
  let tail = '';
  let source: AsyncIterable<string> | null = opened;
  for (let fruitless = 0; fruitless < attempts && !signal.aborted; ) {
    const start = seen;
    let broke = false;
    try {
      source ??= after(await reopen(), seen, tail);
      for await (const text of source) {
        seen += text.length;
        tail = (tail + text).slice(-overlap);
        yield text;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) return;
      broke = true;
    }
    const again = source !== opened;
    if (again && !broke && seen === start) return;
    fruitless = seen === start ? fruitless + 1 : 0;
    source = null;
    if (fruitless > 0) await sleep(200 * fruitless, undefined, { signal }).catch(() => undefined);
  }
}
