import { formats } from './formats.ts';
import { UsageError } from './usage-error.ts';

/** The forms in which a report is printed. */
export type Format = (typeof formats)[number];

/** What -o says; refuses others in kubectl's words. Throws {@link UsageError}. */
export const outputFormat = (text: string | undefined): Format => {
  const format = formats.find((f) => f === (text ?? 'table'));
  if (format) return format;
  throw new UsageError(
    `unable to match a printer suitable for the output format "${text}", allowed formats are: ${formats.toSorted().join(',')}`,
  );
};
