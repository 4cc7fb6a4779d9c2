import type { ApiErrorKind } from './api-error.ts';
import { authority, type Endpoint } from './proxy/endpoint.ts';

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** Node gives an AggregateError without a message where several addresses were tried: the first of them tells. */
const innermost = (error: unknown): Error => {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error instanceof Error ? error : new Error(String(error));
};

const untrusted = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

/** Node's reason without its advice, which is about Node. */
const reasonOf = (error: Error): string => error.message.split(';')[0] ?? '';

/** Kind and words of Go's own error, which kubectl users know and search for; `to` is who was spoken to. */
export const networkWords = (thrown: unknown, to: Endpoint): readonly [ApiErrorKind, string] => {
  const error = innermost(thrown);
  const code = codeOf(error);
  const { host } = to;
  switch (code) {
    case 'ECONNREFUSED':
      return ['refused', `dial tcp ${authority(to)}: connect: connection refused`];
    case 'ENOTFOUND':
      return ['dns', `dial tcp: lookup ${host}: no such host`];
    case 'EAI_AGAIN':
      return ['dns', `dial tcp: lookup ${host}: server misbehaving`];
    case 'EHOSTUNREACH':
      return ['network', `dial tcp: connect: no route to host (${host})`];
    case 'ENETUNREACH':
      return ['network', `dial tcp: connect: network is unreachable (${host})`];
    case 'ETIMEDOUT':
      return ['timeout', `dial tcp: i/o timeout (${host})`];
    case 'ECONNRESET':
    case 'EPIPE':
      return ['network', `connection reset by peer (${error.message})`];
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return [
        'tls',
        `tls: failed to verify certificate: x509: certificate has expired or is not yet valid (${error.message})`,
      ];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return ['tls', `tls: failed to verify certificate: x509: ${error.message}`];
    case 'EPROTO':
      return [
        'tls',
        /wrong version number|packet length too long/.test(error.message)
          ? 'http: server gave HTTP response to HTTPS client'
          : `tls: ${error.message}`,
      ];
    default:
      if (untrusted.has(code)) {
        return [
          'tls',
          `tls: failed to verify certificate: x509: certificate signed by unknown authority (${reasonOf(error)})`,
        ];
      }
      if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return ['tls', `tls: ${error.message}`];
      return ['network', error.message || code];
  }
};
