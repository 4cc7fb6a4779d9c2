import type { Auth, Connection, Impersonation } from './connection.ts';
import { authOf } from './kubeconfig/auth-of.ts';
import { defaultServer } from './kubeconfig/default-server.ts';
import type { UserEntry } from './kubeconfig/entries.ts';
import { KubeconfigError } from './kubeconfig/error.ts';
import type { KubeFlags } from './kubeconfig/flags.ts';
import { inCluster, type ReadIfThere } from './kubeconfig/in-cluster.ts';
import type { Env } from './kubeconfig/locate.ts';
import { proxyOf } from './kubeconfig/proxy-of.ts';
import { readKubeconfigs } from './kubeconfig/read.ts';
import { type ReadFile, readMaterial } from './kubeconfig/read-material.ts';
import { readTextFile } from './kubeconfig/read-text-file.ts';
import { type Selection, select } from './kubeconfig/select.ts';
import { serverUrl } from './kubeconfig/server-url.ts';

/** What the loading depends on. */
export interface KubeconfigSources {
  readonly env: Env;
  readonly flags: KubeFlags;
  /** Whether --request-timeout bounds the requests: kubectl then leaves the service account of its pod aside. */
  readonly bounded?: boolean;
  readonly readFile?: ReadFile;
}

const impersonationOf = (u: UserEntry): Impersonation | null =>
  u.as === null ? null : { user: u.as, uid: u.asUid, groups: u.asGroups, extra: u.asUserExtra };

const noAuth: Auth = { certifiedKey: null, token: null, tokenFile: null, basic: null, exec: null };

const trustOf = (s: Selection, read: ReadFile): Connection['tls'] => {
  const ca = readMaterial(s.cluster.certificateAuthority, 'certificate-authority', s.clusterName, read);
  if (ca !== null && s.cluster.insecureSkipTlsVerify)
    throw new KubeconfigError('specifying a root certificates file with the insecure flag is not allowed');
  if (ca !== null && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new KubeconfigError('unable to load root certificates: unable to parse bytes as PEM block');
  return { ca, insecure: s.cluster.insecureSkipTlsVerify, serverName: s.cluster.tlsServerName };
};

/** kubectl wants the files that are named to be there, even where it has no use for them. */
const wantFiles = (s: Selection, read: ReadFile): void => {
  readMaterial(s.cluster.certificateAuthority, 'certificate-authority', s.clusterName, read);
  if (readMaterial(s.user.clientCertificate, 'client-cert', s.userName, read) !== null)
    readMaterial(s.user.clientKey, 'client-key', s.userName, read);
};

const connectionOf = (
  s: Selection,
  server: string,
  nothingChosen: string | null,
  read: ReadFile,
  env: Env,
): Connection => {
  // as client-go does it: credentials and certificates are for TLS only
  const secure = server.startsWith('https:');
  if (!secure) wantFiles(s, read);
  return {
    context: s.context,
    cluster: s.clusterName,
    server,
    namespace: s.namespace ?? 'default',
    proxy: proxyOf(server, { name: s.clusterName, proxyUrl: s.cluster.proxyUrl }, env),
    auth: secure ? authOf(s.user, s.userName, read) : noAuth,
    tls: secure ? trustOf(s, read) : { ca: null, insecure: false, serverName: null },
    impersonate: impersonationOf(s.user),
    compress: !s.cluster.disableCompression,
    execConfig: s.cluster.execConfig,
    nothingChosen,
  };
};

const whatToDo = (s: Selection, files: readonly string[]): string => {
  const missing =
    s.context === null
      ? `No cluster is configured (looked at ${files.length > 0 ? files.join(', ') : 'no file at all'})`
      : `The context "${s.context}" leads to no cluster with a server (its cluster is "${s.clusterName}"), so that kubectl takes this one`;
  return `${missing}. Set KUBECONFIG or --kubeconfig, choose a --context or a --server; on the node itself, --local needs none of them.`;
};

/**
 * Finds out which cluster kubectl would talk to, and how. Reads the kubeconfig files, certificates and keys; runs nothing and
 * opens no connection. Throws {@link KubeconfigError}: in kubectl's words, and with what to do where nothing is configured.
 */
export const loadKubeconfig = (sources: KubeconfigSources): Connection => {
  const read = sources.readFile ?? readTextFile;
  const { env, flags } = sources;
  const { files, config } = readKubeconfigs(env, flags, read);
  const s = select(config, flags);
  const fallback = defaultServer(env);
  const server = serverUrl(s.cluster.server ?? fallback);
  const nothingChosen = s.cluster.server === null && !env.KUBERNETES_MASTER ? whatToDo(s, files) : null;
  const connection = connectionOf(s, server, nothingChosen, read, env);
  // client-go compares the outcome with that of no configuration at all: whatever changes it keeps the service account out
  const untouched =
    (s.cluster.server ?? fallback) === fallback &&
    server.startsWith('http:') &&
    connection.impersonate === null &&
    s.cluster.proxyUrl === null &&
    connection.compress &&
    !sources.bounded;
  const readIfThere: ReadIfThere = (path) => {
    try {
      return read(path);
    } catch {
      return null;
    }
  };
  const ca = flags.certificateAuthority
    ? readMaterial({ data: null, file: flags.certificateAuthority }, 'certificate-authority', s.clusterName, read)
    : null;
  return (untouched && inCluster(env, flags, { ca, namespace: s.namespace }, readIfThere)) || connection;
};
