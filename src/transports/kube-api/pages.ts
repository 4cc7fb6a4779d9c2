import type { Answer, KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { pagesOf } from '../../cluster/pages-of.ts';

/** What a list says of itself in its path: `/api/v1/namespaces/x/pods?…`, no single object. */
const list = /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)\/(?:namespaces\/[^/?]+\/)?[a-z]+(?:\?|$)/;

/** Selectors of a few objects among many; events are not among them, since the server keeps no cache of events. */
const selective = /[?&](?:labelSelector=|fieldSelector=spec\.nodeName)/;

/** The first of a list, where some are enough: no page follows. */
const some = /[?&]limit=/;

/** Objects in a page: kubectl's --chunk-size. Where these are too much (a slice may have a thousand endpoints), pages are small. */
const sizes = { usual: 500, small: 50 };

type Get = (path: string) => Promise<Answer>;

async function* one(get: Get, path: string): AsyncGenerator<Answer, void> {
  yield await get(path);
}

/**
 * Gets what lies at a path, and hands it to `take` in pages, so that a list that grows with the cluster is never held whole.
 *
 * - All of a list: in pages, without a resourceVersion, as kubectl does it. With resourceVersion=0 the server would answer from its watch
 *   cache, which pays no heed to the limit and sends everything at once (KEP-365); so cheapness for the server is given up for a bound.
 * - The few that a label or spec.nodeName selects: at once, with resourceVersion=0. The cache finds them by itself (pods by an index), at most
 *   some seconds old, while pages would have etcd read all the others too.
 * - An object, and the first few of a list where the path has a limit: as it is.
 *
 * When an answer or a page is too large, begins again with small pages; when the snapshot that the pages are of has expired (410), begins again once.
 * `take` is called for each beginning, and gets the pages from the first on. Throws {@link ApiError}, and the signal's own reason.
 */
export const readPages = async <T>(
  api: KubeApi,
  path: string,
  signal: AbortSignal,
  take: (pages: AsyncIterable<Answer>) => Promise<T>,
): Promise<T> => {
  let failure: unknown = null;
  const get = (page: string): Promise<Answer> =>
    api.get(page, { signal }).catch((error: unknown) => {
      failure = error;
      throw error;
    });
  if (!list.test(path) || some.test(path)) return await take(one(get, path));
  let limit = sizes.usual;
  if (selective.test(path)) {
    try {
      return await take(one(get, `${path}&resourceVersion=0`));
    } catch (error) {
      if (!(error instanceof ApiError) || error !== failure || error.kind !== 'too-large') throw error;
      limit = sizes.small;
    }
  }
  let expired = false;
  for (;;) {
    try {
      return await take(pagesOf(get, path, limit));
    } catch (error) {
      // what is too much for the taker will be so again
      if (!(error instanceof ApiError) || error !== failure) throw error;
      if (error.kind === 'too-large' && limit === sizes.usual) limit = sizes.small;
      else if (error.status === 410 && !expired) expired = true;
      else throw error;
    }
  }
};
