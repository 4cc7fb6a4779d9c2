import { fact } from '../../core/fact.ts';
import type { Owner } from '../sockets/owner.ts';

/** address and port. */
export interface End {
  readonly ip: string;
  readonly port: number;
}

/** A connection of this node whose source port is the port of a virtual server. */
export interface LocalTuple {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly source: End;
  readonly destination: End;
  readonly state: string;
  /** `trace`: at a tracepoint, by --watch-for. */
  readonly seenIn: 'socket' | 'conntrack' | 'trace';
  /** Only of sockets, and only where it was seen while the socket lived. */
  readonly owner: Owner | null;
  /** Age of a conntrack entry in seconds, from its time-out; null for sockets and unknown time-outs. */
  readonly ageSeconds: number | null;
}

/** A row of ip_vs_conn: a client's packet to a virtual server, and the backend that got it. */
export interface IpvsConnection {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly client: End;
  readonly virtual: End;
  readonly backend: End;
  readonly state: string;
}

/** What the search for victims of a NodePort found, unjoined. */
export interface Suspects {
  readonly tuples: readonly LocalTuple[];
  readonly connections: readonly IpvsConnection[];
  /** The virtual servers among the ports in question. */
  readonly servers: readonly { readonly protocol: string; readonly end: End }[];
}

/** Local connections whose source port is a virtual server's port, and what IPVS did with the replies. */
export const suspects = fact<Suspects>(
  'ipvs/suspects',
  'node',
  "local connections from a virtual server's port (sockets, conntrack) and their mirrors in ip_vs_conn",
);
