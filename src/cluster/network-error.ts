import { ApiError } from './api-error.ts';
import type { Connection } from './connection.ts';
import { networkWords } from './network-words.ts';
import { endpointOf } from './proxy/endpoint.ts';
import { ProxyError } from './proxy/error.ts';

/**
 * Says in kubectl's words why no answer came, and what to do where no server was chosen. Of a proxy it says more than kubectl, which calls the
 * server refused when the proxy is.
 */
export const networkError = (error: unknown, connection: Connection): ApiError => {
  if (error instanceof ApiError) return error;
  if (error instanceof ProxyError)
    return new ApiError('proxy', `Unable to connect to the server: ${error.message}`, { cause: error });
  const url = new URL(connection.server);
  const [kind, words] = networkWords(error, endpointOf(url));
  if (kind === 'refused') {
    const refused = `The connection to the server ${url.host} was refused - did you specify the right host or port?`;
    const hint = connection.nothingChosen === null ? '' : `\n${connection.nothingChosen}`;
    return new ApiError('refused', refused + hint, { cause: error });
  }
  return new ApiError(kind, `Unable to connect to the server: ${words}`, { cause: error });
};
