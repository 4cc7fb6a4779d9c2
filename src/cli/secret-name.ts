import { isDnsSubdomain } from '../lib/dns-name.ts';
import { UsageError } from './usage-error.ts';

/** The name of a Secret as typed: a DNS subdomain. Throws {@link UsageError}. */
export const secretName = (text: string, flag: string): string => {
  if (isDnsSubdomain(text)) return text;
  throw new UsageError(`invalid argument "${text}" for "--${flag}" flag: not a name that a Secret can have`);
};
