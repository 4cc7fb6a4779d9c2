import type { Answer } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { grep } from '../../cluster/grep.ts';
import { keep } from '../../cluster/keep.ts';
import type { KubeRead, Output } from '../../core/read.ts';
import { at } from '../../lib/json.ts';

/** How much of one answer is kept, in UTF-16 units: some 100,000 endpoints. All of them are values once more when they are parsed. */
const keptLimit = 16 * 1_048_576;

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

/**
 * What a read keeps of an answer that comes in pages, as one JSON text, with the server's time at the first. Throws {@link ApiError}
 * `too-large` beyond the limit.
 */
export const keptOf = async (read: KubeRead, pages: AsyncIterable<Answer>): Promise<Output> => {
  let text = '';
  let listed = false;
  let separator = '';
  let began: number | null = null;
  for await (const { body, dateMs } of pages) {
    const whole = keep(body, read.keep);
    const kept = asObject(read.grep === undefined ? whole : grep(whole, read.grep));
    const items = at(kept, 'items');
    if (began === null) {
      began = dateMs;
      listed = Array.isArray(items);
      text = listed ? JSON.stringify({ ...kept, items: undefined }).replace(/\}$/, '') : JSON.stringify(kept);
      if (listed) text += `${text === '{' ? '' : ','}"items":[`;
    }
    for (const item of listed && Array.isArray(items) ? items : []) {
      text += separator + JSON.stringify(item);
      separator = ',';
      if (text.length > keptLimit) break;
    }
    if (text.length > keptLimit)
      throw new ApiError('too-large', `what is kept of the answer is longer than ${keptLimit / 1_048_576} MiB`);
  }
  return { stdout: listed ? `${text}]}` : text, stderr: '', exit: 0, sample: 0, atMs: began ?? 0 };
};
