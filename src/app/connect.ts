import { createKubeApi, type KubeApi } from '../cluster/api.ts';
import type { Connection } from '../cluster/connection.ts';
import { loadKubeconfig } from '../cluster/kubeconfig.ts';
import type { RunContext, Source } from './request.ts';
import { version } from './version.ts';

/** The API of the cluster that was asked for, and how it is reached. Throws what loadKubeconfig throws. */
export const connect = (
  source: Extract<Source, { kind: 'cluster' }>,
  { env }: Pick<RunContext, 'env'>,
): { readonly api: KubeApi; readonly connection: Connection } => {
  const bounded = (source.requestTimeoutMs ?? 0) > 0;
  const connection = loadKubeconfig({ env, flags: source.flags, bounded });
  const api = createKubeApi(connection, {
    version,
    ...(source.requestTimeoutMs === undefined ? {} : { timeoutMs: source.requestTimeoutMs }),
  });
  return { api, connection };
};
