import { fact } from '../../core/fact.ts';

/** A network device of the node and its MTU in bytes. */
export interface DeviceMtu {
  readonly name: string;
  readonly mtu: number;
}

/** How a tunnel wraps packets. */
export type Encapsulation = 'vxlan' | 'geneve' | 'wireguard' | 'ipip' | 'gre' | 'ip6tnl';

/** A tunnel device with routes in the main table. */
export interface Tunnel extends DeviceMtu {
  readonly encapsulation: Encapsulation;
  /** One of its routes as `ip route` has it: "10.244.1.0/24 via 10.244.1.0". */
  readonly route: string;
  /** The device that carries the wrapped packets; null where that is not clear. */
  readonly underlay: DeviceMtu | null;
}

/** A pod's device that is one end of a veth pair, the other being the node's. */
export interface PodLink {
  /** See facts/network/spaces. */
  readonly space: string;
  /** A process of that namespace. */
  readonly pid: number;
  readonly device: string;
  readonly mtu: number;
  /** MTU of the default route by that device; 0 where the route has none of its own, null where it was not read (one must enter the namespace: SYS_ADMIN). */
  readonly routeMtu: number | null;
  readonly peer: DeviceMtu;
  /** The bridge that the peer is a port of. */
  readonly bridge: DeviceMtu | null;
}

/** All MTUs on the way of a pod's packet out of the node. */
export interface Mtus {
  /** Devices of the default routes with the best metric, of both families, that are no tunnels. */
  readonly uplinks: readonly DeviceMtu[];
  readonly tunnels: readonly Tunnel[];
  readonly pods: readonly PodLink[];
  /** Namespaces whose devices could not be read. */
  readonly unreadable: readonly string[];
  /** Cilium's own devices are there (cilium_host, …). */
  readonly cilium: boolean;
}

/** MTUs of uplinks, tunnels, bridges, veth pairs and pods. */
export const mtus = fact<Mtus>(
  'network/mtus',
  'node',
  "MTUs of the node's uplinks, tunnels and bridges, and of both ends of each pod's veth pair",
);
