import { fact } from '../../core/fact.ts';

/**
 * How pings with DF (don't fragment) ended.
 *
 * - `fits`: one as large as the route allows was answered
 * - `told`: it was not, and somebody on the way said so (ICMP "fragmentation needed", "packet too big"), as it should be
 * - `lost`: it was not in three tries, nobody said so, and all smaller ones up to a size were answered, before and after
 * - `unsure`: some were answered and some not, as where packets are lost at random
 * - `silent`: not even a small one was answered
 * - `no-route`: the node has none to there
 */
export type PathResult = 'fits' | 'told' | 'lost' | 'unsure' | 'silent' | 'no-route';

/** The way to an address on another node, sizes as those of the whole IP packet in bytes. */
export interface PathMtu {
  readonly kind: 'node' | 'pod';
  /** Name of the node, or namespace/name of the pod. */
  readonly name: string;
  /** The node where it is. */
  readonly node: string;
  readonly address: string;
  readonly result: PathResult;
  /** What the node's route allows; 0 where there is none. */
  readonly mtu: number;
  /** Where something was lost: the largest of some sizes that was answered, 0 for none. */
  readonly through: number;
  /** What the node heard of the way's MTU; 0 where it did not. */
  readonly told: number;
  /** The device that leads there. */
  readonly device: string;
  /** Where something was lost: the route as `ip route get fibmatch` has it. */
  readonly route: string;
  /** The words of ping for the large one, where it was not answered. */
  readonly words: string;
}

/** What came through to some nodes, and to a pod on each. */
export interface PathMtus {
  readonly paths: readonly PathMtu[];
  /** As one would type it. */
  readonly by: string;
}

/** How large packets may be on the way to other nodes, measured by pings with DF. */
export const pathMtus = fact<PathMtus>(
  'network/path-mtus',
  'node',
  'which sizes of pings with DF come through to three other nodes and to a pod on each of three',
);
