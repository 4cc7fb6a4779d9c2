/**
 * A proxy did not let us through. `message` is in Go's words and without the proxy's password; `code` is Node's, or that of the
 * proxy's answer.
 */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: string;
  constructor(message: string, code: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}
