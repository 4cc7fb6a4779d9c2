/** What went wrong: the server answered with an error, or no answer came at all and why. */
export type ApiErrorKind =
  | 'status'
  | 'refused'
  | 'proxy'
  | 'dns'
  | 'tls'
  | 'timeout'
  | 'network'
  | 'credentials'
  | 'too-large'
  | 'unreadable';

interface Details {
  /** HTTP status; 0 without an answer. */
  readonly status?: number;
  /** The reason of the server's Status object ("NotFound"), or null. */
  readonly reason?: string | null;
  /** The server's own words, whole; null without an answer. */
  readonly serverMessage?: string | null;
  readonly cause?: unknown;
}

/** A request that did not succeed. `message` says it in kubectl's words and holds the server's message whole. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  readonly status: number;
  readonly reason: string | null;
  readonly serverMessage: string | null;
  constructor(kind: ApiErrorKind, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.kind = kind;
    this.status = details.status ?? 0;
    this.reason = details.reason ?? null;
    this.serverMessage = details.serverMessage ?? null;
  }
}
