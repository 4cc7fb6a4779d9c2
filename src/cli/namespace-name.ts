import { isDnsLabel } from '../lib/dns-name.ts';
import { UsageError } from './usage-error.ts';

/** The name of a namespace as typed: a DNS label (RFC 1123). Throws {@link UsageError} for what cannot be one: it would be another path of the API. */
export const namespaceName = (text: string, flag: string): string => {
  if (isDnsLabel(text)) return text;
  throw new UsageError(`invalid argument "${text}" for "--${flag}" flag: not a name that a namespace can have`);
};
