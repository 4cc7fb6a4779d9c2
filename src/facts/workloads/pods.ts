import { fact } from '../../core/fact.ts';
import type { PortRange } from '../../core/report.ts';

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
  /** As kubelet's events have it: of a static pod the uid of its manifest, not that of the mirror pod. */
  readonly uid: string;
  /** Uid of its controller; its own where it has none. Pods of one workload share it. */
  readonly workload: string;
  readonly hostNetwork: boolean;
  readonly ips: readonly string[];
  readonly ports: readonly ContainerPort[];
  /** Container ids without the runtime's prefix. */
  readonly containerIds: readonly string[];
  /** When its youngest container started, in milliseconds since 1970; null if none has. */
  readonly startedAtMs: number | null;
  /** How often its containers were restarted, all together. */
  readonly restarts: number;
  /** spec.securityContext.sysctls by their names. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** net.ipv4.ip_local_port_range of these; null where it is not set. */
  readonly portRange: PortRange | null;
  /** net.ipv4.ip_local_reserved_ports of these. */
  readonly reservedPorts: readonly PortRange[];
}

/** The pods that the API has on this node. */
export const pods = fact<readonly Pod[]>(
  'workloads/pods',
  'node',
  "the node's pods, their addresses, declared ports and container ids",
);
