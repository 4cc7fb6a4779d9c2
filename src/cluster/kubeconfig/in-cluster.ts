import type { Connection } from '../connection.ts';
import { extraOf } from './extra.ts';
import type { KubeFlags } from './flags.ts';
import type { Env } from './locate.ts';

const folder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads a file as UTF-8; null if it is not there. */
export type ReadIfThere = (path: string) => string | null;

/** The service account of the pod that we run in, or null: client-go's rest.InClusterConfig. */
export const inCluster = (env: Env, flags: KubeFlags, read: ReadIfThere): Connection | null => {
  const host = env.KUBERNETES_SERVICE_HOST;
  const port = env.KUBERNETES_SERVICE_PORT;
  if (!host || !port || read(`${folder}/token`) === null) return null;
  return {
    context: null,
    cluster: 'in-cluster',
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    namespace: flags.namespace || read(`${folder}/namespace`)?.trim() || 'default',
    tls: { ca: read(`${folder}/ca.crt`), insecure: false, serverName: null },
    auth: {
      certifiedKey: null,
      token: flags.token || null,
      tokenFile: flags.token ? null : `${folder}/token`,
      basic: null,
      exec: null,
    },
    impersonate: flags.as
      ? {
          user: flags.as,
          uid: flags.asUid || null,
          groups: flags.asGroup ?? [],
          extra: extraOf(flags.asUserExtra ?? []),
        }
      : null,
    compress: !flags.disableCompression,
    execConfig: null,
  };
};
