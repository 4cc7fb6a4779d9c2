import { fact } from '../../core/fact.ts';

/** Which address families the node's pods have, from spec.podCIDRs or, where that is empty, the addresses of its pods. */
export const podFamilies = fact<readonly ('ipv4' | 'ipv6')[]>(
  'node/pod-families',
  'node',
  "the address families of the node's pods",
);
