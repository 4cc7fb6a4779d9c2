import type { Format } from './formats.ts';
import { UsageError } from './usage-error.ts';

/** What -o says, one of `allowed`; refuses others in kubectl's words. Throws {@link UsageError}. */
export const outputFormat = <F extends Format>(text: string | undefined, allowed: readonly F[]): F => {
  const format = allowed.find((f) => f === (text ?? 'table'));
  if (format) return format;
  throw new UsageError(
    `unable to match a printer suitable for the output format "${text}", allowed formats are: ${allowed.toSorted().join(',')}`,
  );
};
