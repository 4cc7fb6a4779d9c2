import { fact } from '../../core/fact.ts';
import type { End } from './suspects.ts';

/** A backend of a virtual server, and the connections that IPVS has to it. */
export interface Destination {
  readonly protocol: string;
  readonly virtual: End;
  readonly backend: End;
  readonly active: number;
  /** Over, or not established: mostly TIME_WAIT. */
  readonly inactive: number;
}

/** Backends of virtual servers that tell of connections kept where they should not be. */
export interface Destinations {
  /** With weight 0 (kube-proxy gives it to a pod that terminates) and connections still: how many, and at most 20 of them. */
  readonly draining: { readonly count: number; readonly connections: number; readonly some: readonly Destination[] };
  /** Virtual servers with a thousand connections and more, and backends with weight, the busiest of which has ten times the idlest's; at most 20. */
  readonly skewed: readonly {
    readonly protocol: string;
    readonly virtual: End;
    readonly backends: number;
    readonly busiest: { readonly backend: End; readonly connections: number };
    readonly idlest: { readonly backend: End; readonly connections: number };
  }[];
}

/** How connections lie on the backends of virtual servers. */
export const destinations = fact<Destinations>(
  'ipvs/destinations',
  'node',
  'backends of IPVS virtual servers: those with weight 0 that still have connections, and how unevenly the others have them (/proc/net/ip_vs)',
);
