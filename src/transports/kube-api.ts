import type { KubeApi } from '../cluster/api.ts';
import { ApiError } from '../cluster/api-error.ts';
import { grep } from '../cluster/grep.ts';
import { keep } from '../cluster/keep.ts';
import { missing } from '../core/gap.ts';
import type { KubeRead, Raw } from '../core/read.ts';
import { type Transport, TransportError } from '../core/transport.ts';

/** What the API is asked about. */
export interface KubeApiTransportOptions {
  readonly api: KubeApi;
  /** Stands for `{node}` in paths. */
  readonly node: string;
}

/** How many requests are under way at once. */
const atOnce = 6;

/** Lists that the server may answer from its cache: much cheaper for it, and at most some seconds old. */
const cachedLists =
  /^\/(?:api\/v1|apis\/discovery\.k8s\.io\/v1)\/(?:namespaces\/[^/?]+\/)?(?:services|endpointslices|pods)(?:\?|$)/;

const withCache = (path: string): string =>
  cachedLists.test(path) ? `${path}${path.includes('?') ? '&' : '?'}resourceVersion=0` : path;

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
 * only. What the server refuses is a gap; that there is no usable API at all is a {@link TransportError} in kubectl's words.
 * Leaves the connections open: the API client belongs to the caller.
 */
export const createKubeApiTransport = (o: KubeApiTransportOptions): Transport<KubeRead> => {
  const ask = async (read: KubeRead, signal: AbortSignal): Promise<Raw> => {
    const path = read.path.replaceAll('{node}', encodeURIComponent(o.node));
    try {
      const { body, dateMs } = await o.api.get(withCache(path), { signal });
      const kept = keep(body, read.keep);
      const stdout = JSON.stringify(read.grep === undefined ? kept : grep(kept, read.grep));
      return { ok: true, outputs: [{ stdout, stderr: '', exit: 0, sample: 0, atMs: dateMs }] };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return gapOf(error, path);
    }
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
          const answer = ask(next, both).then((raw) => [next, raw] as const);
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
