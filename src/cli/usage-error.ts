/** What was typed makes no sense; the message says why in kubectl's words. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
