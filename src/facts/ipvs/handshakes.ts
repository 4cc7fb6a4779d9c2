import { fact } from '../../core/fact.ts';
import type { IpvsConnection } from './suspects.ts';

/** A connection through IPVS that has hung in its handshake (SYN_RECV) for the whole window. */
export interface HangingHandshake extends IpvsConnection {
  /** The client's address is one of this node: the node's own process began it. */
  readonly local: boolean;
  /** Since its last SYN, from the entry's timer, which IPVS starts anew with each packet (60 s in SYN_RECV). */
  readonly quietSeconds: number;
  /** Where its conntrack entry expects the reply: the client itself, or what its source was rewritten to. Null where there is none to read. */
  readonly replyTo: string | null;
}

/** What hangs, and what got through on the same way. */
export interface Handshakes {
  readonly seconds: number;
  readonly hanging: readonly HangingHandshake[];
  /** The last connections that are over, between the same virtual server and backend, begun by this node (`local`) or by others. */
  readonly through: readonly {
    readonly virtual: IpvsConnection['virtual'];
    readonly backend: IpvsConnection['backend'];
    readonly local: boolean;
    readonly quietSeconds: number;
  }[];
}

/** TCP handshakes through IPVS that stood still over the window. Those to NodePorts are in facts/ipvs/suspects. */
export const handshakes = fact<Handshakes>(
  'ipvs/handshakes',
  'node',
  'TCP handshakes to virtual servers that are in SYN_RECV at both ends of the window (/proc/net/ip_vs_conn), and their conntrack entries',
);
