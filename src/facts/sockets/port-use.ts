import { fact } from '../../core/fact.ts';
import type { PortRange } from '../../core/report.ts';
import type { Owner } from './owner.ts';

/** TCP sockets from one address to one destination; each holds another source port. Inbound connections are not among them. */
export interface DestinationUse {
  /** Id of the network namespace, see facts/network/spaces. */
  readonly space: string;
  readonly source: string;
  readonly destination: { readonly ip: string; readonly port: number };
  /** Source ports in use, TIME_WAIT included. */
  readonly ports: number;
  readonly timeWait: number;
  /** Who holds most of a sample of them; null where that could not be seen, and of TIME_WAIT, which nobody holds. */
  readonly owner: Owner | null;
}

/** TCP sockets from one address to all destinations. */
export interface SourceUse {
  readonly space: string;
  readonly source: string;
  /** Distinct source ports. */
  readonly ports: number;
  /** Sockets; more than `ports` where destinations share ports. */
  readonly sockets: number;
  readonly timeWait: number;
  readonly owner: Owner | null;
}

/** Local ports of UDP sockets in a namespace. */
export interface DatagramUse {
  readonly space: string;
  readonly ports: number;
}

/** What a namespace's own sysctls say; of others than the host's only where it could be entered. */
export interface PortSysctls {
  readonly space: string;
  /** net.ipv4.ip_local_port_range */
  readonly range: PortRange;
  /** net.ipv4.ip_local_reserved_ports */
  readonly reserved: readonly PortRange[];
  /** net.ipv4.tcp_tw_reuse: 0 off, 1 on, 2 for loopback only. */
  readonly timeWaitReuse: number;
  /** net.ipv4.tcp_timestamps is on; reuse needs it. */
  readonly timestamps: boolean;
}

/**
 * Source ports in use on a node, those in the range of their namespace: the host's own, a pod's by its spec, else the kernel's default; where the
 * namespace's sysctls were read, by them.
 */
export interface PortUse {
  readonly destinations: readonly DestinationUse[];
  readonly sources: readonly SourceUse[];
  readonly datagrams: readonly DatagramUse[];
  /** The host's own come first. */
  readonly sysctls: readonly [PortSysctls, ...PortSysctls[]];
  /** What has at most so many ports is not told. */
  readonly leftOut: number;
  /** Namespaces where a tenth of the connections or more have source ports outside of that range: another one is set there. */
  readonly outside: readonly string[];
  /** Ports of the host's servers, TCP and UDP, that lie outside of its ephemeral range; null where there are too many to tell. */
  readonly servers: readonly number[] | null;
}

/** Source ports in use, per network namespace and destination. */
export const portUse = fact<PortUse>(
  'sockets/port-use',
  'node',
  'source ports in use per network namespace, address and destination, TIME_WAIT included, and who holds them',
);
