import type { Connection } from '../connection.ts';
import { KubeconfigError } from './error.ts';
import type { KubeFlags } from './flags.ts';
import type { Env } from './locate.ts';
import { proxyOf } from './proxy-of.ts';

const folder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads a file as UTF-8; null if it is not there. */
export type ReadIfThere = (path: string) => string | null;

/** Flags that kubectl drops without a word when it uses the service account. */
const withoutEffect = [
  ['client-certificate', 'clientCertificate'],
  ['client-key', 'clientKey'],
  ['username', 'username'],
  ['password', 'password'],
  ['tls-server-name', 'tlsServerName'],
  ['insecure-skip-tls-verify', 'insecureSkipTlsVerify'],
] as const;

/**
 * The service account of the pod that we run in, or null outside of one: client-go's inClusterClientConfig, which takes --token and
 * --certificate-authority of the flags. `ca` is the text of the latter, `namespace` what flag or context say. Throws
 * {@link KubeconfigError} for flags that would have no effect.
 */
export const inCluster = (
  env: Env,
  flags: KubeFlags,
  chosen: { readonly ca: string | null; readonly namespace: string | null },
  read: ReadIfThere,
): Connection | null => {
  const host = env.KUBERNETES_SERVICE_HOST;
  const port = env.KUBERNETES_SERVICE_PORT;
  if (!host || !port || read(`${folder}/token`) === null) return null;
  const lost = withoutEffect.find(([, name]) => flags[name]);
  if (lost) {
    throw new KubeconfigError(
      `--${lost[0]} has no effect with the service account of this pod (kubectl ignores it there): leave it out, or choose a --server`,
    );
  }
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    context: null,
    cluster: 'in-cluster',
    server,
    namespace: chosen.namespace ?? (env.POD_NAMESPACE || read(`${folder}/namespace`)?.trim() || 'default'),
    tls: { ca: chosen.ca ?? read(`${folder}/ca.crt`), insecure: false, serverName: null },
    proxy: proxyOf(server, { name: 'in-cluster', proxyUrl: null }, env),
    auth: {
      certifiedKey: null,
      token: flags.token || null,
      tokenFile: flags.token ? null : `${folder}/token`,
      basic: null,
      exec: null,
    },
    impersonate: null,
    compress: true,
    execConfig: null,
    nothingChosen: null,
  };
};
