import { isDnsSubdomain } from '../lib/dns-name.ts';
import { UsageError } from './usage-error.ts';

/** A node's name as typed, also as kubectl writes it (node/worker-3). Throws {@link UsageError} for what cannot be one. */
export const nodeName = (text: string): string => {
  const name = text.replace(/^(nodes?|no)\//, '');
  if (isDnsSubdomain(name)) return name;
  throw new UsageError(`"${text}" is not a name that a node can have`);
};
