import type { KubeApi } from '../cluster/api.ts';
import { ApiError } from '../cluster/api-error.ts';
import { missing } from '../core/gap.ts';
import { inPlace, type KubeRead, type Raw } from '../core/read.ts';
import { type Transport, TransportError } from '../core/transport.ts';
import { keptOf } from './kube-api/kept.ts';
import { readPages } from './kube-api/pages.ts';

/** What the API is asked about. */
export interface KubeApiTransportOptions {
  readonly api: KubeApi;
  /** Stands for `{node}` in paths. */
  readonly node: string;
  /** Stands for `{scope}` in paths. */
  readonly scope: string;
  /** Answers that are not of one node, by the id of the read, for all transports that are given this map: each is asked for once. */
  readonly shared?: Map<string, Promise<Raw>>;
}

/** How many requests are under way at once. */
const atOnce = 6;

/** `/api/v1/namespaces/kube-system/configmaps/kube-proxy` → `get configmaps kube-system/kube-proxy`. */
const action = (path: string): string => {
  const bare = path.split('?')[0] ?? path;
  const [, namespace, resource, name] =
    /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\/(?:namespaces\/([^/]+)\/)?([^/]+)(?:\/([^/]+))?/.exec(bare) ?? [];
  if (resource === undefined) return `get ${bare}`;
  const where = namespace === undefined ? '' : `${namespace}/`;
  if (name !== undefined) return `get ${resource} ${where}${name}`;
  return `list ${resource}${namespace === undefined ? '' : ` in ${namespace}`}`;
};

const gapOf = (error: ApiError, path: string): Raw => {
  const words = `cannot ${action(path)}: ${error.serverMessage ?? error.message}`;
  switch (error.kind) {
    case 'refused':
    case 'dns':
    case 'tls':
    case 'proxy':
    case 'credentials':
      throw new TransportError(error.message, { cause: error });
    case 'timeout':
      return missing('timeout', words);
    case 'too-large':
      return missing('truncated', words);
    case 'unreadable':
      return missing('unparsable', words);
    case 'network':
      return missing('failed', words);
    case 'status':
      if (error.status === 401) throw new TransportError(error.message, { cause: error });
      if (error.status === 403) return missing('forbidden', words);
      if (error.status === 404) return missing('absent', words);
      return missing(error.status === 504 ? 'timeout' : 'failed', words);
  }
};

/**
 * Reads from the Kubernetes API, some requests at once; answers come in the order in which they arrive, as JSON of the kept paths
 * only. What the server refuses, and what is too much to keep, is a gap; that there is no usable API at all is a {@link TransportError} in kubectl's words.
 * Leaves the connections open: the API client belongs to the caller.
 */
export const createKubeApiTransport = (o: KubeApiTransportOptions): Transport<KubeRead> => {
  const ask = async (read: KubeRead, signal: AbortSignal): Promise<Raw> => {
    const path = inPlace(read.path, { node: encodeURIComponent(o.node), scope: o.scope });
    try {
      const output = await readPages(o.api, path, signal, (pages) => keptOf(read, pages));
      return { ok: true, outputs: [output] };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return gapOf(error, path);
    }
  };

  /** Asks once for all who share: until the signal of all, since whoever asked first may end before the others. */
  const askShared = (read: KubeRead, shared: Map<string, Promise<Raw>>, signal: AbortSignal): Promise<Raw> => {
    const before = shared.get(read.id);
    if (before) return before;
    const answer = ask(read, signal);
    shared.set(read.id, answer);
    answer.catch(() => shared.delete(read.id));
    return answer;
  };

  async function* fetch(
    reads: readonly KubeRead[],
    signal: AbortSignal,
  ): AsyncGenerator<readonly [KubeRead, Raw], void> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const waiting = [...reads];
    const running = new Map<KubeRead, Promise<readonly [KubeRead, Raw]>>();
    try {
      for (;;) {
        while (running.size < atOnce) {
          const next = waiting.shift();
          if (!next) break;
          const { shared } = o;
          const raw = shared && !next.path.includes('{node}') ? askShared(next, shared, signal) : ask(next, both);
          const answer = raw.then((given) => [next, given] as const);
          answer.catch(() => undefined);
          running.set(next, answer);
        }
        if (running.size === 0) return;
        const [read, raw] = await Promise.race(running.values());
        running.delete(read);
        yield [read, raw];
      }
    } finally {
      stop.abort();
    }
  }

  return { id: 'kube-api', fetch, [Symbol.asyncDispose]: async () => undefined };
};
