import type { KubeFlags } from '../cluster/kubeconfig/flags.ts';
import { shellWord } from '../lib/shell-word.ts';

/** How to call kubectl so that it talks to the same cluster as the same user, for advice to copy. A token or password is
 * never shown: a variable stands for it. */
export const kubectlFor = (flags: KubeFlags): string => {
  const given: readonly (readonly [string, string | undefined])[] = [
    ['kubeconfig', flags.kubeconfig],
    ['context', flags.context],
    ['cluster', flags.cluster],
    ['user', flags.user],
    ['server', flags.server],
    ['certificate-authority', flags.certificateAuthority],
    ['tls-server-name', flags.tlsServerName],
    ['client-certificate', flags.clientCertificate],
    ['client-key', flags.clientKey],
    ['as', flags.as],
    ...(flags.asGroup ?? []).map((group) => ['as-group', group] as const),
    ['as-uid', flags.asUid],
    ...(flags.asUserExtra ?? []).map((extra) => ['as-user-extra', extra] as const),
  ];
  return [
    'kubectl',
    ...given.flatMap(([name, value]) => (value ? [`--${name}`, shellWord(value)] : [])),
    ...(flags.insecureSkipTlsVerify ? ['--insecure-skip-tls-verify'] : []),
    ...(flags.token ? ['--token="$TOKEN"'] : []),
    ...(flags.username ? [`--username=${shellWord(flags.username)}`, '--password="$PASSWORD"'] : []),
  ].join(' ');
};
