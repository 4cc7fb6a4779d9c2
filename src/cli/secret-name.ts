import { UsageError } from './usage-error.ts';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** The name of a Secret as typed: a DNS subdomain. Throws {@link UsageError}. */
export const secretName = (text: string, flag: string): string => {
  if (text.length <= 253 && text.split('.').every((part) => label.test(part))) return text;
  throw new UsageError(`invalid argument "${text}" for "--${flag}" flag: not a name that a Secret can have`);
};
