import type https from 'node:https';
import { isIP } from 'node:net';
import { checkServerIdentity, getCACertificates, type PeerCertificate } from 'node:tls';
import type { Connection } from './connection.ts';
import type { Credential } from './credentials.ts';

const mismatch = (why: string): Error => Object.assign(new Error(why), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });

/** Go's words for a certificate of somebody else. */
const ofOthers = (host: string, names: string): string => {
  const address = isIP(host) !== 0;
  const prefix = address ? 'IP Address:' : 'DNS:';
  const valid = names.split(', ').flatMap((n) => (n.startsWith(prefix) ? [n.slice(prefix.length)] : []));
  if (valid.length > 0) return `certificate is valid for ${valid.join(', ')}, not ${host}`;
  return address
    ? `cannot validate certificate for ${host} because it doesn't contain any IP SANs`
    : `certificate is not valid for any names, but wanted to match ${host}`;
};

/** Whether the certificate is the server's. Go knows only the names of subjectAltName; Node would take the subject's common name too. */
const identity =
  (serverName: string | null) =>
  (host: string, certificate: PeerCertificate): Error | undefined => {
    const wanted = serverName ?? host;
    const names = certificate.subjectaltname;
    if (!names) return mismatch('certificate relies on legacy Common Name field, use SANs instead');
    return checkServerIdentity(wanted, certificate) ? mismatch(ofOthers(wanted, names)) : undefined;
  };

/** The TLS towards the API server: whom we trust, who we are, and by which name the server is known. */
export const tlsOptions = (c: Connection, credential: Credential): https.AgentOptions => {
  const { tls } = c;
  const ca = tls.ca ?? getCACertificates('system');
  const { serverName } = tls;
  return {
    ...(ca.length > 0 && !tls.insecure ? { ca: typeof ca === 'string' ? ca : [...ca] } : {}),
    ...(credential.certifiedKey ? { cert: credential.certifiedKey.certificate, key: credential.certifiedKey.key } : {}),
    // an address is checked, but it is not sent as a name
    ...(serverName === null ? {} : { servername: isIP(serverName) === 0 ? serverName : '' }),
    rejectUnauthorized: !tls.insecure,
    checkServerIdentity: identity(serverName),
  };
};
