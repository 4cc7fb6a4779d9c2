import { fact } from '../../core/fact.ts';

/** A node and its first InternalIP. */
export interface NodeAddress {
  readonly node: string;
  readonly ip: string;
}

/** Where other nodes can be reached: of the first fifty nodes, by their names. */
export const nodeAddresses = fact<readonly NodeAddress[]>(
  'cluster/node-addresses',
  'cluster',
  'InternalIPs of nodes, of fifty at most',
);
