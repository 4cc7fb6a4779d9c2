import type { Encapsulation, Tunnel } from '../../facts/network/mtus.ts';

/** Bytes that a tunnel puts around a packet, over IPv4: over IPv6 it is 20 more, so that what is told is so in any case (facts F). */
export const overhead: Readonly<Record<Encapsulation, number>> = {
  vxlan: 50,
  geneve: 50,
  wireguard: 60,
  ipip: 20,
  gre: 24,
  ip6tnl: 40,
};

/**
 * Devices that CNIs make for the pods' IPv4 between nodes; others with a route may be anybody's VPN. Those for IPv6 alone (flannel-v6.1,
 * vxlan-v6.calico) are smaller than pods of both families by design, and there the node itself answers with "packet too big".
 */
const names = /^(flannel\.\d+|flannel-wg|flannel\.ipip|vxlan\.calico|tunl0|wireguard\.cali|tun-[0-9a-f]+|kilo0)$/;

/** The tunnels that carry the pods' packets to other nodes. */
export const podTunnels = (tunnels: readonly Tunnel[]): readonly Tunnel[] => tunnels.filter((t) => names.test(t.name));

/** The largest packet that the device below takes wrapped; null where that is not known. */
export const roomOf = (t: Tunnel): number | null => (t.underlay ? t.underlay.mtu - overhead[t.encapsulation] : null);
