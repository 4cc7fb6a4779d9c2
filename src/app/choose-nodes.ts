import type { KubeApi } from '../cluster/api.ts';
import { withGrant } from '../cluster/grant.ts';
import { pagesOf } from '../cluster/pages-of.ts';
import { TransportError } from '../core/transport.ts';
import { isDnsSubdomain } from '../lib/dns-name.ts';
import { listAt, textAt } from '../lib/json.ts';
import type { NodeChoice } from './request.ts';

/** How many nodes are asked for at once: their metadata come to some 10 kB each, much more where operators annotate them. */
const pageSize = 200;

/** Names of the cluster's nodes that the selector chooses (null: of all), in order. Throws ApiError. */
export const nodeNames = async (
  api: KubeApi,
  selector: string | null,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const names: string[] = [];
  const path = `/api/v1/nodes${selector === null ? '' : `?${new URLSearchParams({ labelSelector: selector })}`}`;
  for await (const { body } of pagesOf((page) => api.get(page, { signal, metadataOnly: true }), path, pageSize))
    names.push(...listAt(body, 'items').map((n) => textAt(n, 'metadata', 'name')));
  // what is no name of a node would become another path of the API
  return names.filter(isDnsSubdomain).sort();
};

/** The names of the chosen nodes. `kubectl`: how to call it for this cluster, in advice. Throws {@link TransportError} when there are none (that is no healthy result), and ApiError. */
export const chooseNodes = async (
  api: KubeApi,
  choice: NodeChoice,
  kubectl: string,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  if (choice.by === 'name') return choice.names;
  const selector = choice.by === 'selector' ? choice.selector : null;
  const names = await nodeNames(api, selector, signal).catch((error: unknown) => {
    throw withGrant(error, kubectl);
  });
  if (names.length > 0) return names;
  throw new TransportError(
    selector === null
      ? 'No resources found: the cluster has no nodes.'
      : `No resources found: no node has ${selector}.`,
  );
};
