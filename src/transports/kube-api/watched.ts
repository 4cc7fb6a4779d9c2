import type { KubeApi } from '../../cluster/api.ts';
import { at, textAt } from '../../lib/json.ts';
import { splitLines } from '../collector/split-lines.ts';

/** One line of a watch (kubernetes.io, "Efficient detection of changes"): ADDED, MODIFIED, DELETED, BOOKMARK or ERROR; empty where it was no JSON. */
interface Watched {
  readonly type: string;
  readonly object: unknown;
}

const watchedOf = (line: string): Watched => {
  try {
    const json: unknown = JSON.parse(line);
    return { type: textAt(json, 'type'), object: at(json, 'object') };
  } catch {
    return { type: '', object: undefined };
  }
};

async function* each(chunks: AsyncIterable<string>): AsyncGenerator<Watched, void> {
  for await (const line of splitLines(chunks)) yield watchedOf(line);
}

/**
 * Watches a path (with its `watch=true`). Resolves once the server has allowed it, with what it tells until it ends it, which is to be read at once:
 * leaving the loop closes the connection. Throws ApiError, or the signal's reason, before and within.
 */
export const watched = async (
  api: KubeApi,
  path: string,
  signal: AbortSignal,
): Promise<AsyncGenerator<Watched, void>> => each(await api.stream(path, { signal }));
