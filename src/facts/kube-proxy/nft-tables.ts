import { fact } from '../../core/fact.ts';

/** kube-proxy's table of nftables mode, of one family. */
export interface NftTable {
  readonly family: 'ipv4' | 'ipv6';
  /** Elements of the map service-ips: a Service's address, protocol and port each. */
  readonly services: number;
  /** Distinct addresses in service-ips, no-endpoint-services and cluster-ips. */
  readonly ips: readonly string[];
  /** A rule that masquerades is there. */
  readonly masquerades: boolean;
  /** The hooks of nat lead to the map. */
  readonly hooked: boolean;
}

/** The tables `kube-proxy` of nftables; families without one are not listed. */
export const nftTables = fact<readonly NftTable[]>(
  'kube-proxy/nft-tables',
  'node',
  "kube-proxy's nftables tables: how many Services they hold, and for which addresses",
);
