import type { Source } from '../app/request.ts';
import { defined } from '../lib/defined.ts';
import type { connectionFlags } from './connection-flags.ts';
import { duration } from './duration.ts';
import type { Values } from './values.ts';

type ConnectionValues = Values<keyof typeof connectionFlags>;

const list = (of: readonly string[]): readonly string[] | undefined => (of.length > 0 ? of : undefined);
const whenOn = (on: boolean): true | undefined => on || undefined;

/** kubectl's global flags, and --request-timeout in milliseconds, as given. Throws UsageError. */
export const kubeFlags = (
  v: ConnectionValues,
): Pick<Extract<Source, { kind: 'cluster' }>, 'flags' | 'requestTimeoutMs'> => {
  const timeout = v.text('request-timeout');
  return {
    flags: defined({
      kubeconfig: v.text('kubeconfig'),
      context: v.text('context'),
      cluster: v.text('cluster'),
      user: v.text('user'),
      server: v.text('server'),
      namespace: v.text('namespace'),
      token: v.text('token'),
      username: v.text('username'),
      password: v.text('password'),
      clientCertificate: v.text('client-certificate'),
      clientKey: v.text('client-key'),
      certificateAuthority: v.text('certificate-authority'),
      insecureSkipTlsVerify: whenOn(v.on('insecure-skip-tls-verify')),
      tlsServerName: v.text('tls-server-name'),
      as: v.text('as'),
      asGroup: list(v.list('as-group')),
      asUid: v.text('as-uid'),
      asUserExtra: list(v.list('as-user-extra')),
      disableCompression: whenOn(v.on('disable-compression')),
    }),
    ...(timeout === undefined
      ? {}
      : { requestTimeoutMs: duration(timeout, 'request-timeout', { unit: 's', least: 0, most: 86_400 }) }),
  };
};
