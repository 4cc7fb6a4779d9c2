import type { KubeApi } from '../cluster/api.ts';
import { pagesOf } from '../cluster/pages-of.ts';
import { TransportError } from '../core/transport.ts';
import { listAt, textAt } from '../lib/json.ts';
import type { NodeChoice } from './request.ts';

/** How many nodes are asked for at once: with the images that it has, a node may come to 50 kB, and no answer may have more than 8 MiB. */
const pageSize = 100;

/** Names of the cluster's nodes that the selector chooses (null: of all), in order. Throws ApiError. */
export const nodeNames = async (
  api: KubeApi,
  selector: string | null,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const names: string[] = [];
  const path = `/api/v1/nodes${selector === null ? '' : `?${new URLSearchParams({ labelSelector: selector })}`}`;
  for await (const { body } of pagesOf((page) => api.get(page, { signal }), path, pageSize))
    names.push(...listAt(body, 'items').map((n) => textAt(n, 'metadata', 'name')));
  return names.sort();
};

/** The names of the chosen nodes. Throws {@link TransportError} when there are none (that is no healthy result), and ApiError. */
export const chooseNodes = async (
  api: KubeApi,
  choice: NodeChoice,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  if (choice.by === 'name') return choice.names;
  const selector = choice.by === 'selector' ? choice.selector : null;
  const names = await nodeNames(api, selector, signal);
  if (names.length > 0) return names;
  throw new TransportError(
    selector === null
      ? 'No resources found: the cluster has no nodes.'
      : `No resources found: no node has ${selector}.`,
  );
};
