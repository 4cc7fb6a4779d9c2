import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Auth, Connection, Impersonation } from './connection.ts';
import type { Kubeconfig, Material, UserEntry } from './kubeconfig/entries.ts';
import { KubeconfigError } from './kubeconfig/error.ts';
import type { KubeFlags } from './kubeconfig/flags.ts';
import { inCluster, type ReadIfThere } from './kubeconfig/in-cluster.ts';
import { type Env, locateKubeconfigs } from './kubeconfig/locate.ts';
import { mergeKubeconfigs } from './kubeconfig/merge.ts';
import { parseKubeconfig } from './kubeconfig/parse.ts';
import { proxyFor } from './kubeconfig/proxy-for.ts';
import { type Selection, select } from './kubeconfig/select.ts';

/** What the loading depends on. */
export interface KubeconfigSources {
  readonly env: Env;
  readonly flags: KubeFlags;
  /** Reads a file as UTF-8; throws Node's errors. */
  readonly readFile?: (path: string) => string;
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const goWords = (error: unknown, path: string): string => {
  switch (codeOf(error)) {
    case 'ENOENT':
      return `open ${path}: no such file or directory`;
    case 'EACCES':
      return `open ${path}: permission denied`;
    case 'EISDIR':
      return `read ${path}: is a directory`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
};

const readAll = (
  sources: KubeconfigSources,
  files: readonly string[],
  mustExist: boolean,
  read: (path: string) => string,
) => {
  const configs: Kubeconfig[] = [];
  for (const file of files) {
    let content: string;
    try {
      content = read(file);
    } catch (error) {
      if (codeOf(error) === 'ENOENT' && !mustExist) continue;
      if (codeOf(error) === 'ENOENT') throw new KubeconfigError(`stat ${file}: no such file or directory`);
      throw new KubeconfigError(`error loading config file "${file}": ${goWords(error, file)}`);
    }
    const config = parseKubeconfig(content, file);
    if (config) configs.push(config);
  }
  return select(mergeKubeconfigs(configs), sources.flags);
};

const pem = (m: Material, what: string, owner: string, read: (path: string) => string): string | null => {
  if (m.data !== null) return Buffer.from(m.data, 'base64').toString('utf8');
  if (m.file === null) return null;
  try {
    return read(m.file);
  } catch (error) {
    throw new KubeconfigError(`unable to read ${what} ${m.file} for ${owner} due to ${goWords(error, m.file)}`);
  }
};

const authOf = (u: UserEntry, name: string, read: (path: string) => string): Auth => {
  if (u.authProvider !== null) {
    throw new KubeconfigError(
      `user "${name}" uses the auth-provider "${u.authProvider}", which netdoctor does not have: ` +
        'use an exec credential plugin, or give a --token',
    );
  }
  const certificate = pem(u.clientCertificate, 'client-cert', name, read);
  const key = pem(u.clientKey, 'client-key', name, read);
  const basic = u.username !== null || u.password !== null;
  return {
    certifiedKey: certificate !== null && key !== null ? { certificate, key } : null,
    token: u.tokenFile === null ? u.token : null,
    tokenFile: u.tokenFile,
    basic: basic ? { username: u.username ?? '', password: u.password ?? '' } : null,
    exec: u.exec,
  };
};

const impersonationOf = (u: UserEntry): Impersonation | null =>
  u.as === null ? null : { user: u.as, uid: u.asUid, groups: u.asGroups, extra: u.asUserExtra };

/** client-go's DefaultServerURL: without a scheme it is https if there is anything that concerns TLS. */
const serverUrl = (server: string, tls: boolean): string => {
  const full = server.includes('://') ? server : `${tls ? 'https' : 'http'}://${server}`;
  if (!URL.canParse(full) || !/^https?:\/\//i.test(full)) throw new KubeconfigError(`invalid server URL "${server}"`);
  const url = new URL(full);
  return `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '');
};

const noAuth: Auth = { certifiedKey: null, token: null, tokenFile: null, basic: null, exec: null };

const refuseProxy = (server: string, env: Env): void => {
  const proxy = proxyFor(server, env);
  if (!proxy) return;
  throw new KubeconfigError(
    `${proxy.variable} is set and applies to ${server}: netdoctor cannot go through a proxy yet; ` +
      `if the server is reached without it, run with NO_PROXY=${new URL(server).hostname}`,
  );
};

const connectionOf = (s: Selection, read: (path: string) => string, env: Env): Connection => {
  const ca = pem(s.cluster.certificateAuthority, 'certificate-authority', s.clusterName, read);
  if (ca !== null && s.cluster.insecureSkipTlsVerify) {
    throw new KubeconfigError('specifying a root certificates file with the insecure flag is not allowed');
  }
  const auth = authOf(s.user, s.userName, read);
  const server = serverUrl(
    s.cluster.server ?? '',
    ca !== null || s.cluster.insecureSkipTlsVerify || auth.certifiedKey !== null,
  );
  if (s.cluster.proxyUrl !== null) {
    throw new KubeconfigError(
      `cluster "${s.clusterName}" has the proxy-url ${s.cluster.proxyUrl}: netdoctor cannot go through a proxy yet`,
    );
  }
  refuseProxy(server, env);
  return {
    context: s.context,
    cluster: s.clusterName,
    server,
    namespace: s.namespace,
    tls: { ca, insecure: s.cluster.insecureSkipTlsVerify, serverName: s.cluster.tlsServerName },
    // As client-go does it: credentials are sent over TLS only.
    auth: server.startsWith('https:') ? auth : noAuth,
    impersonate: impersonationOf(s.user),
    compress: !s.cluster.disableCompression,
    execConfig: s.cluster.execConfig,
  };
};

/**
 * Finds out which cluster kubectl would talk to, and how. Reads the kubeconfig files, certificates and keys; runs nothing and
 * opens no connection. Throws {@link KubeconfigError}: in kubectl's words, and with what to do where nothing is configured.
 */
export const loadKubeconfig = (sources: KubeconfigSources): Connection => {
  const read = sources.readFile ?? ((path: string) => readFileSync(path, 'utf8'));
  const { env, flags } = sources;
  const home = env.HOME || homedir() || null;
  const { files, mustExist } = locateKubeconfigs(env, flags, home);
  const selection = readAll(sources, files, mustExist, read);
  if (selection.cluster.server !== null) return connectionOf(selection, read, env);
  const readIfThere: ReadIfThere = (path) => {
    try {
      return read(path);
    } catch {
      return null;
    }
  };
  const pod = inCluster(env, flags, readIfThere);
  if (pod) {
    refuseProxy(pod.server, env);
    return pod;
  }
  throw new KubeconfigError(
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n' +
      `No cluster is configured (looked at ${files.length > 0 ? files.join(', ') : 'no file at all'}). ` +
      'Set KUBECONFIG or --kubeconfig, choose a --context or a --server; on the node itself, --local needs none of them.',
  );
};
