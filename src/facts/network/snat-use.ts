import { fact } from '../../core/fact.ts';

/** Connections whose source NAT changed, to one destination from one NAT address. */
export interface SnatGroup {
  readonly protocol: string;
  /** The address that NAT put in. */
  readonly source: string;
  /** Where they really go, behind DNAT. */
  readonly destination: { readonly ip: string; readonly port: number };
  /** Where the client of one of them meant to go: a Service's address and port, or the destination itself. */
  readonly meant: { readonly ip: string; readonly port: number };
  /** Entries of conntrack; each holds another port of the NAT address. */
  readonly entries: number;
  /** Of these, closed TCP connections that conntrack keeps for a while. */
  readonly timeWait: number;
  /** Of these, those whose source port NAT changed too. */
  readonly moved: number;
  /** The lowest and highest port that NAT gave, of all but one of them. */
  readonly lowest: number;
  readonly highest: number;
}

/** Entries of the host's conntrack table with source NAT. */
export interface SnatUse {
  readonly groups: readonly SnatGroup[];
  /** Groups of at most so many entries are not told. */
  readonly leftOut: number;
  /** Where it was read; null where the kernel does not track connections. */
  readonly table: string | null;
}

/** Ports that source NAT took, per NAT address and destination. */
export const snatUse = fact<SnatUse>(
  'network/snat-use',
  'node',
  'connections with source NAT per NAT address and destination, from the conntrack table of the host',
);
