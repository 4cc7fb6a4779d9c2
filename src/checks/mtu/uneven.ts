import type { PodLink } from '../../facts/network/mtus.ts';
import { sends } from './sends.ts';

/** Whether the ends of a veth pair differ so that packets are lost: a pod whose route keeps its packets small enough for the node's end loses none. */
export const uneven = (p: PodLink): boolean => p.mtu !== p.peer.mtu && (p.mtu < p.peer.mtu || sends(p) > p.peer.mtu);
