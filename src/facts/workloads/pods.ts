import { fact } from '../../core/fact.ts';

/** A port that a container declares. */
export interface ContainerPort {
  readonly port: number;
  /** 0 where it has none. */
  readonly hostPort: number;
  readonly protocol: string;
}

/** A pod of the node, as the API has it. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly hostNetwork: boolean;
  readonly ips: readonly string[];
  readonly ports: readonly ContainerPort[];
  /** Container ids without the runtime's prefix. */
  readonly containerIds: readonly string[];
  /** When its youngest container started, in milliseconds since 1970; null if none has. */
  readonly startedAtMs: number | null;
}

/** The pods that the API has on this node. */
export const pods = fact<readonly Pod[]>(
  'workloads/pods',
  'node',
  "the node's pods, their addresses, declared ports and container ids",
);
