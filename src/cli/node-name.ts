import { UsageError } from './usage-error.ts';

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A node's name as typed, also as kubectl writes it (node/worker-3). Throws {@link UsageError} for what cannot be one. */
export const nodeName = (text: string): string => {
  const name = text.replace(/^(nodes?|no)\//, '');
  if (subdomain.test(name) && name.length <= 253) return name;
  throw new UsageError(`"${text}" is not a name that a node can have`);
};
