import { type ClusterEntry, type Kubeconfig, noCluster, noUser, type UserEntry } from './entries.ts';
import { KubeconfigError } from './error.ts';
import { extraOf } from './extra.ts';
import type { KubeFlags } from './flags.ts';
import { clusterFaults, userFaults } from './validate.ts';

/** What kubeconfig and flags together choose. */
export interface Selection {
  readonly context: string | null;
  readonly clusterName: string;
  readonly cluster: ClusterEntry;
  readonly userName: string;
  readonly user: UserEntry;
  /** Of the flag or the context, or null. */
  readonly namespace: string | null;
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
    disableCompression: flags.disableCompression || c.disableCompression,
  };
};

/** A token or a certificate of the flags leaves the user's token file and certificate data in place, as in kubectl. */
const withUserFlags = (u: UserEntry, flags: KubeFlags): UserEntry => ({
  ...u,
  token: given(flags.token) ?? u.token,
  username: given(flags.username) ?? u.username,
  password: given(flags.password) ?? u.password,
  clientCertificate: { ...u.clientCertificate, file: given(flags.clientCertificate) ?? u.clientCertificate.file },
  clientKey: { ...u.clientKey, file: given(flags.clientKey) ?? u.clientKey.file },
  as: given(flags.as) ?? u.as,
  asUid: given(flags.asUid) ?? u.asUid,
  asGroups: flags.asGroup?.length ? flags.asGroup : u.asGroups,
  asUserExtra: { ...u.asUserExtra, ...extraOf(flags.asUserExtra ?? []) },
});

/** Only a name that was given by a flag must be there; a name that is missing inside the files counts as none. */
const mustExist = <T>(what: string, flag: string | undefined, all: ReadonlyMap<string, T>): void => {
  if (flag && !all.has(flag)) throw new KubeconfigError(`${what} "${flag}" does not exist`);
};

/**
 * Chooses context, cluster, user and namespace as kubectl does: flags over the context over nothing. Where the files do not say the
 * server it is null. Throws {@link KubeconfigError} in kubectl's words for what cannot be used.
 */
export const select = (config: Kubeconfig, flags: KubeFlags): Selection => {
  mustExist('auth info', flags.user, config.users);
  mustExist('context', flags.context, config.contexts);
  mustExist('cluster', flags.cluster, config.clusters);
  const contextName = given(flags.context) ?? config.currentContext;
  const context = contextName === null ? undefined : config.contexts.get(contextName);
  const clusterName = given(flags.cluster) ?? context?.cluster ?? '';
  const cluster = withClusterFlags(config.clusters.get(clusterName) ?? noCluster, flags);
  const userName = given(flags.user) ?? context?.user ?? '';
  const user = withUserFlags(config.users.get(userName) ?? noUser, flags);
  const faults = [
    ...(contextName !== null && !context ? [`context was not found for specified context: ${contextName}`] : []),
    ...userFaults(userName, user),
    ...clusterFaults(clusterName, cluster),
  ];
  if (faults.length === 1) throw new KubeconfigError(faults[0]);
  if (faults.length > 1) throw new KubeconfigError(`invalid configuration:\n* ${faults.join('\n* ')}`);
  return {
    context: contextName,
    clusterName,
    cluster,
    userName,
    user,
    namespace: given(flags.namespace) ?? context?.namespace ?? null,
  };
};
