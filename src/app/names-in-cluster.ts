import { createKubeApi } from '../cluster/api.ts';
import type { KubeFlags } from '../cluster/kubeconfig/flags.ts';
import { loadKubeconfig } from '../cluster/kubeconfig.ts';
import { pagesOf } from '../cluster/pages-of.ts';
import { isDnsLabel, isDnsSubdomain } from '../lib/dns-name.ts';
import { listAt, textAt } from '../lib/json.ts';
import { podResources } from './pod-resources.ts';
import type { PodRef, RunContext } from './request.ts';
import { version } from './version.ts';

/** What completion asks the API for. */
export interface NamesRequest {
  readonly of: 'node' | 'namespace' | PodRef['kind'];
  /** Which cluster, as whom; its namespace, or the context's, is where pods and what has pods are looked for. */
  readonly flags: KubeFlags;
}

/** How many names one answer brings. Most clusters need one. */
const pageSize = 500;

const pathOf = (of: NamesRequest['of'], namespace: string): string => {
  if (of === 'node' || of === 'namespace') return `/api/v1/${of}s`;
  return `/${podResources[of].path.replace('{scope}', `namespaces/${namespace}/`)}`;
};

/**
 * Names of nodes, namespaces, pods and what has pods, as they come from the API server, but for those that no such object can have.
 * Nobody is asked for a password. Of a long list that ends in an error, or by the signal, the pages that came are what there is.
 * Throws what loadKubeconfig throws, and, where no page came, ApiError or the signal's reason.
 */
export const namesInCluster = async (
  { of, flags }: NamesRequest,
  { env, signal }: Pick<RunContext, 'env' | 'signal'>,
): Promise<readonly string[]> => {
  const connection = loadKubeconfig({ env, flags });
  if (!isDnsLabel(connection.namespace)) return [];
  const api = createKubeApi(connection, { version, surroundings: { env, interactive: false, silent: true } });
  const names: string[] = [];
  try {
    const get = (path: string) => api.get(path, { signal, metadataOnly: true });
    for await (const { body } of pagesOf(get, pathOf(of, connection.namespace), pageSize))
      names.push(...listAt(body, 'items').map((item) => textAt(item, 'metadata', 'name')));
  } catch (error) {
    if (names.length === 0) throw error;
  } finally {
    api.close();
  }
  return names.filter(isDnsSubdomain);
};
