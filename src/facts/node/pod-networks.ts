import { fact } from '../../core/fact.ts';

/** Networks or single addresses, in CIDR notation, each once. */
export const podNetworks = fact<readonly string[]>(
  'node/pod-networks',
  'node',
  "the networks of the node's pods: spec.podCIDRs, or the addresses of its pods, or what the CNI's configuration says",
);
