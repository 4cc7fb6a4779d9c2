import { textAt } from '../lib/json.ts';
import { ApiError } from './api-error.ts';

/** How much of an answer that is no Status object is quoted, in characters. */
const quoteLimit = 4096;

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
};

/**
 * Says an answer of 400 or above in kubectl's words (kubectl's pkg/cmd/util StandardErrorMessage):
 * `Error from server (NotFound): pods "x" not found`.
 */
export const statusError = (status: number, statusText: string, body: string): ApiError => {
  const json = parsed(body);
  const isStatus = textAt(json, 'kind') === 'Status';
  const reason = isStatus ? textAt(json, 'reason') || null : null;
  const own = isStatus ? textAt(json, 'message') : body.trim().slice(0, quoteLimit);
  const serverMessage = own || `${status} ${statusText}`.trim();
  const message =
    status === 401
      ? `You must be logged in to the server (${serverMessage})`
      : `Error from server${reason ? ` (${reason})` : isStatus ? '' : ` (HTTP ${status})`}: ${serverMessage}`;
  return new ApiError('status', message, { status, reason, serverMessage });
};
