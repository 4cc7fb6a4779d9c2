import { randomInt } from 'node:crypto';

/** Kubernetes' own alphabet for generated names: no vowels, so that no words come out. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Five random characters that may end a name. */
export const randomSuffix = (): string =>
  Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');

/** `netdoctor-<node>-<suffix>`: a DNS label of at most 63 characters, whatever the node is called. */
export const podName = (node: string, suffix: string): string => {
  const readable = node
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63 - 'netdoctor-'.length - 1 - suffix.length)
    .replaceAll(/^-+|-+$/g, '');
  return ['netdoctor', readable, suffix].filter((part) => part !== '').join('-');
};
