import { printableLines } from '../lib/printable-lines.ts';

/** kubectl prints these of the API server without "error: " before them. */
const ofTheServer = /^(Error from server|The connection to the server|Unable to connect to the server)/;

/** What was behind it, where the message does not say so already; the server's own errors say it in kubectl's words. */
const cause = (error: Error): string =>
  error.cause instanceof Error && !ofTheServer.test(error.message) && !error.message.includes(error.cause.message)
    ? `: ${error.cause.message}`
    : '';

/** An error as kubectl would print it, harmless for the terminal; `stack` shows where it came from. */
export const errorText = (error: unknown, stack = false): string => {
  const message = error instanceof Error ? `${error.message || error.name}${cause(error)}` : String(error);
  const trace = stack && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  return `${printableLines(`${ofTheServer.test(message) ? '' : 'error: '}${message}${trace}`).join('\n')}\n`;
};
