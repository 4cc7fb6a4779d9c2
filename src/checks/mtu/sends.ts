import type { PodLink } from '../../facts/network/mtus.ts';

/** The largest packet that a pod sends out by a device: its default route may have a smaller MTU, as Cilium and some CNI configurations want it. */
export const sends = (p: PodLink): number => (p.routeMtu ? Math.min(p.mtu, p.routeMtu) : p.mtu);
