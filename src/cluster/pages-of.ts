import { textAt } from '../lib/json.ts';
import type { Answer } from './api.ts';
import { ApiError } from './api-error.ts';

/** Far more than anybody keeps of a list. Ends a server that has always one more page. */
const mostPages = 400;

/**
 * The pages of a list, of `limit` objects each, as the API server cuts it (metadata.continue; kubernetes.io, "Retrieving large results sets
 * in chunks"). `get` asks for a path. Throws what it throws, and {@link ApiError} `too-large` after 400 pages.
 */
export async function* pagesOf(
  get: (path: string) => Promise<Answer>,
  path: string,
  limit: number,
): AsyncGenerator<Answer, void> {
  const first = `${path}${path.includes('?') ? '&' : '?'}limit=${limit}`;
  let next = first;
  for (let n = 0; n < mostPages; n++) {
    const answer = await get(next);
    yield answer;
    const token = textAt(answer.body, 'metadata', 'continue');
    if (token === '') return;
    next = `${first}&continue=${encodeURIComponent(token)}`;
  }
  throw new ApiError('too-large', `the server's answer has more than ${mostPages} pages`);
}
