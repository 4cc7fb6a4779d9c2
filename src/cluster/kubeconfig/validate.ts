import type { ClusterEntry, UserEntry } from './entries.ts';

const modes = ['Never', 'IfAvailable', 'Always'];

function* execFaults(name: string, u: UserEntry): Generator<string> {
  const { exec } = u;
  if (exec === null) return;
  const missing = (what: string): string => `${what} must be specified for ${name} to use exec authentication plugin`;
  if (u.authProvider !== null) yield `authProvider cannot be provided in combination with an exec plugin for ${name}`;
  if (exec.command === '') yield missing('command');
  if (exec.apiVersion === '') yield missing('apiVersion');
  for (const { name: variable } of exec.env) if (variable === '') yield missing('env variable name');
  if (exec.interactiveMode === null) yield missing('interactiveMode');
  else if (!modes.includes(exec.interactiveMode))
    yield `invalid interactiveMode for ${name}: "${exec.interactiveMode}"`;
}

/** What kubectl finds wrong with a user after the flags were laid over it (client-go's validateAuthInfo), in its words. */
export function* userFaults(name: string, u: UserEntry): Generator<string> {
  const { clientCertificate: certificate, clientKey: key } = u;
  if (certificate.data !== null || certificate.file !== null) {
    if (certificate.data !== null && certificate.file !== null)
      yield `client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`;
    if (key.data !== null && key.file !== null)
      yield `client-key-data and client-key are both specified for ${name}; client-key-data will override`;
    if (key.data === null && key.file === null)
      yield `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`;
  }
  yield* execFaults(name, u);
  if (u.token !== null && (u.username !== null || u.password !== null))
    yield `more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`;
  if (u.as === null && (u.asUid !== null || u.asGroups.length > 0 || Object.keys(u.asUserExtra).length > 0))
    yield `requesting uid, groups or user-extra for ${name} without impersonating a user`;
}

/** The same for a cluster (client-go's validateClusterInfo); its proxy-url is judged where it is read. */
export function* clusterFaults(name: string, c: ClusterEntry): Generator<string> {
  const { data, file } = c.certificateAuthority;
  if (data !== null && file !== null) {
    yield `certificate-authority-data and certificate-authority are both specified for ${name}. ` +
      'certificate-authority-data will override.';
  }
}
