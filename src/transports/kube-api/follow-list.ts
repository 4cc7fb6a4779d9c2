import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { listAt, numberAt, textAt } from '../../lib/json.ts';
import { readPages } from './pages.ts';
import { watched } from './watched.ts';

/**
 * What became of an object of a followed list; `key` is its uid.
 *
 * - `stands`: it was there when the following began
 * - `new`, `changed`: it came or changed since; after a gap in the watching only its last state is given
 * - `gone`: it was deleted, or counts no longer
 */
type Change<T> =
  | { readonly how: 'stands' | 'new' | 'changed'; readonly key: string; readonly value: T }
  | { readonly how: 'gone'; readonly key: string };

/** How a list is followed. */
interface Following<T> {
  /** What is to be known of an object; null: it does not count, and is not remembered. */
  readonly parse: (object: unknown) => T | null;
  /** What is not seen without this list, the beginning of a note: "failed probes are not told". */
  readonly without: string;
  /** Told at most twice: that the server is away for long, and that the following ends. */
  readonly onNote: (text: string) => void;
  /** For tests, which do not wait so long: times are multiplied by it. */
  readonly pace?: number;
}

/** More objects than that are not followed: those that came first are forgotten. */
const mostObjects = 20_000;

/** A longer version or uid is none: versions stand in the path of the next request, and both are remembered. */
const longestName = 128;

const nameAt = (object: unknown, field: 'uid' | 'resourceVersion'): string => {
  const name = textAt(object, 'metadata', field);
  return name.length > longestName ? '' : name;
};

/** How long a watch lasts, by the server (timeoutSeconds); a little later we end it ourselves. What is between may hold a dead connection open. */
const lifeSeconds = 240;
const lateSeconds = 15;

/** Pauses between tries, in milliseconds: doubled while nothing works. */
const pauses = { first: 250, last: 5000 };

/** A watch that lasts so long worked, even if nothing happened, in milliseconds. */
const soundMs = 5000;

/** How long the server may be away before it is told, in milliseconds. */
const awayMs = 15_000;

/**
 * How long a server that allowed the watch may refuse it before it is believed, in milliseconds: one that has just started refuses everybody
 * until it has read its roles.
 */
const refusedMs = 15_000;

/** Tries to resume from a version, after which the list is read anew. */
const resumes = 4;

/** An answer that will be the same next time. */
const isRefusal = (e: ApiError): boolean =>
  ['credentials', 'tls', 'too-large'].includes(e.kind) ||
  (e.status >= 400 && e.status < 500 && ![408, 410, 429].includes(e.status));

/** Whether a version is older than another, or the same. They are numbers (kubernetes.io, "Resource versions", since 1.35; in fact ever since); of others it is not known. */
const isOld = (version: string, than: string): boolean => {
  if (version === than) return true;
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return false;
  return version.length === than.length ? version < than : version.length < than.length;
};

/**
 * Follows a list of the API (`/api/v1/pods?fieldSelector=…`): what stands, then each change, until the signal is aborted. A watch that the server
 * ends, a connection that is cut and a server that is away for however long are borne: it is resumed where it was, after a pause. Where the server no longer
 * knows what happened since (410) the list is read anew, and what differs is given. Memory is bounded whatever comes. Ends early, with a note and
 * without an error, where listing or watching is not allowed.
 */
export async function* followList<T>(
  api: KubeApi,
  path: string,
  signal: AbortSignal,
  { parse, without, onNote, pace = 1 }: Following<T>,
): AsyncGenerator<Change<T>, void> {
  /** Versions by uid. */
  const known = new Map<string, string>();
  /** The version to go on from; null: the list is to be read. */
  let since: string | null = null;
  let newest = '';
  let began = false;
  let opened = false;
  let failures = 0;
  let failingFrom: number | null = null;
  let refusedFrom: number | null = null;
  let toldAway = false;

  const list = () =>
    readPages(api, path, signal, async (pages) => {
      const found = new Map<string, { readonly version: string; readonly value: T }>();
      let version = '';
      for await (const { body } of pages) {
        version ||= nameAt(body, 'resourceVersion');
        for (const object of listAt(body, 'items')) {
          const key = nameAt(object, 'uid');
          const value = key === '' || found.size >= mostObjects ? null : parse(object);
          if (value !== null) found.set(key, { version: nameAt(object, 'resourceVersion'), value });
        }
      }
      if (version === '')
        throw new ApiError('unreadable', `Server returned an unexpected response: ${path} is no list`);
      return { version, found };
    });

  function* take(key: string, version: string, value: T | null): Generator<Change<T>, void> {
    const before = known.get(key);
    if (before !== undefined && version !== '' && isOld(version, before)) return;
    known.delete(key);
    if (value === null) {
      if (before !== undefined) yield { how: 'gone', key };
      return;
    }
    known.set(key, version);
    yield { how: before !== undefined ? 'changed' : began ? 'new' : 'stands', key, value };
    if (known.size <= mostObjects) return;
    const [oldest = ''] = known.keys();
    known.delete(oldest);
    yield { how: 'gone', key: oldest };
  }

  /** The server allowed the watch, so it is there; whether it keeps it up shows later. */
  const answers = (): void => {
    opened = true;
    failingFrom = null;
    refusedFrom = null;
    toldAway = false;
  };

  const reached = (version: string): void => {
    since = version;
    if (newest === '' || isOld(newest, version)) newest = version;
  };

  async function* round(life: AbortSignal): AsyncGenerator<Change<T>, void> {
    let from = since;
    if (from === null) {
      const { version, found } = await list();
      for (const [key, { version: of, value }] of found) yield* take(key, of, value);
      // a server whose cache is behind does not know yet what is there
      if (newest === '' || newest === version || !isOld(version, newest)) {
        for (const key of [...known.keys()]) {
          if (found.has(key)) continue;
          known.delete(key);
          yield { how: 'gone', key };
        }
      }
      reached(version);
      from = version;
      began = true;
    }
    const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${lifeSeconds}&resourceVersion=${encodeURIComponent(from)}`;
    const stream = await watched(api, `${path}${path.includes('?') ? '&' : '?'}${query}`, life);
    answers();
    const at = performance.now();
    for await (const { type, object } of stream) {
      if (type === 'ERROR') {
        const status = numberAt(object, 'code') ?? 0;
        throw new ApiError('status', textAt(object, 'message') || 'the watch failed', { status });
      }
      if (!['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'].includes(type)) continue;
      failures = 0;
      const version = nameAt(object, 'resourceVersion');
      if (version !== '') reached(version);
      const key = nameAt(object, 'uid');
      if (type !== 'BOOKMARK' && key !== '') yield* take(key, version, type === 'DELETED' ? null : parse(object));
    }
    if (performance.now() - at >= soundMs * pace) failures = 0;
  }

  while (!signal.aborted) {
    const life = AbortSignal.timeout(Math.round((lifeSeconds + lateSeconds) * 1000 * pace));
    try {
      yield* round(AbortSignal.any([signal, life]));
    } catch (error) {
      if (signal.aborted) return;
      if (life.aborted) failures = 0;
      else if (!(error instanceof ApiError)) throw error;
      else {
        const now = performance.now();
        failingFrom ??= now;
        refusedFrom = isRefusal(error) ? (refusedFrom ?? now) : null;
        if (refusedFrom !== null && (!opened || now - refusedFrom >= refusedMs * pace)) {
          onNote(`${without}: ${error.serverMessage ?? error.message}`);
          return;
        }
        if (error.status === 410 || (failures >= resumes && error.kind === 'status')) since = null;
        if (refusedFrom === null && !toldAway && now - failingFrom >= awayMs * pace) {
          toldAway = true;
          onNote(`${without} while the API server is away: ${error.message}`);
        }
      }
    }
    const pause = Math.min(pauses.last, pauses.first * 2 ** Math.min(failures++, 10)) * (0.75 + Math.random() / 2);
    await sleep(pause * pace, undefined, { signal }).catch(() => undefined);
  }
}
