import { type ClusterEntry, type Kubeconfig, noCluster, noMaterial, noUser, type UserEntry } from './entries.ts';
import { KubeconfigError } from './error.ts';
import { extraOf } from './extra.ts';
import type { KubeFlags } from './flags.ts';

/** What kubeconfig and flags together choose. */
export interface Selection {
  readonly context: string | null;
  readonly clusterName: string;
  readonly cluster: ClusterEntry;
  readonly userName: string;
  readonly user: UserEntry;
  readonly namespace: string;
}

const given = (text: string | undefined): string | null => (text ? text : null);

const withClusterFlags = (c: ClusterEntry, flags: KubeFlags): ClusterEntry => {
  const insecure = flags.insecureSkipTlsVerify ?? false;
  const ca = given(flags.certificateAuthority);
  const newTrust = insecure || ca !== null;
  const server = given(flags.server);
  const tlsServerName = given(flags.tlsServerName);
  return {
    ...c,
    server: server ?? c.server,
    certificateAuthority: newTrust ? { data: null, file: ca } : c.certificateAuthority,
    insecureSkipTlsVerify: newTrust ? insecure : c.insecureSkipTlsVerify,
    tlsServerName: tlsServerName !== null || server !== null ? tlsServerName : c.tlsServerName,
    disableCompression: flags.disableCompression ?? c.disableCompression,
  };
};

const withUserFlags = (u: UserEntry, flags: KubeFlags): UserEntry => {
  const token = given(flags.token);
  const certificate = given(flags.clientCertificate);
  const key = given(flags.clientKey);
  return {
    ...u,
    token: token ?? u.token,
    tokenFile: token === null ? u.tokenFile : null,
    username: given(flags.username) ?? u.username,
    password: given(flags.password) ?? u.password,
    clientCertificate: certificate === null ? u.clientCertificate : { ...noMaterial, file: certificate },
    clientKey: key === null ? u.clientKey : { ...noMaterial, file: key },
    as: given(flags.as) ?? u.as,
    asUid: given(flags.asUid) ?? u.asUid,
    asGroups: flags.asGroup?.length ? flags.asGroup : u.asGroups,
    asUserExtra: flags.asUserExtra?.length ? extraOf(flags.asUserExtra) : u.asUserExtra,
  };
};

const validUser = (name: string, u: UserEntry): void => {
  const methods = [
    ...(u.token === null ? [] : ['token']),
    ...(u.username === null && u.password === null ? [] : ['basicAuth']),
  ];
  if (methods.length > 1) {
    throw new KubeconfigError(
      `more than one authentication method found for ${name}; found [${methods.join(' ')}], only one is allowed`,
    );
  }
  const hasCertificate = u.clientCertificate.data !== null || u.clientCertificate.file !== null;
  const hasKey = u.clientKey.data !== null || u.clientKey.file !== null;
  if (hasCertificate && !hasKey) {
    throw new KubeconfigError(
      `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
    );
  }
  if (u.as === null && (u.asUid !== null || u.asGroups.length > 0 || Object.keys(u.asUserExtra).length > 0)) {
    throw new KubeconfigError(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  }
};

/**
 * Chooses context, cluster, user and namespace as kubectl does: flags over the context over nothing. Without a cluster its
 * `server` is null. Throws {@link KubeconfigError} in kubectl's words for a name that is not there.
 */
export const select = (config: Kubeconfig, flags: KubeFlags): Selection => {
  const contextName = given(flags.context) ?? config.currentContext;
  const context = contextName === null ? undefined : config.contexts.get(contextName);
  if (contextName !== null && !context) {
    throw new KubeconfigError(`context was not found for specified context: ${contextName}`);
  }
  const clusterName = given(flags.cluster) ?? context?.cluster ?? '';
  const found = config.clusters.get(clusterName);
  const cluster = withClusterFlags(found ?? noCluster, flags);
  if (!found && clusterName !== '' && cluster.server === null) {
    throw new KubeconfigError(`no server found for cluster "${clusterName}"`);
  }
  const userName = given(flags.user) ?? context?.user ?? '';
  if (flags.user && !config.users.has(userName)) throw new KubeconfigError(`auth info "${userName}" does not exist`);
  const user = withUserFlags(config.users.get(userName) ?? noUser, flags);
  validUser(userName, user);
  return {
    context: contextName,
    clusterName,
    cluster,
    userName,
    user,
    namespace: given(flags.namespace) ?? context?.namespace ?? 'default',
  };
};
