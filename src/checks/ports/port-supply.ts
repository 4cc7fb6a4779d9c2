import type { Reading } from '../../core/gap.ts';
import type { PortRange } from '../../core/report.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { PortUse } from '../../facts/sockets/port-use.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { countPorts, subtractRanges } from '../../lib/port-ranges.ts';
import { podOfSpace } from '../pod-of-space.ts';

/** The source ports that a network namespace has to give. */
export interface PortSupply {
  readonly range: PortRange;
  readonly reserved: readonly PortRange[];
  /** How many ports that makes. */
  readonly count: number;
  /** How the range is known: read there, from the pod's spec, the kernel's default for new namespaces, or only that it is another than that. */
  readonly by: 'read' | 'spec' | 'default' | 'not-default';
  /** Which TIME_WAIT sockets connect() takes over. */
  readonly reuse: 'all' | 'loopback' | 'none';
}

const linuxDefault: PortRange = [32768, 60999];
const widest: PortRange = [1024, 65535];

const reuseOf = (value: number, timestamps: boolean): PortSupply['reuse'] =>
  !timestamps || value === 0 ? 'none' : value === 1 ? 'all' : 'loopback';

const supply = (
  range: PortRange,
  reserved: readonly PortRange[],
  by: PortSupply['by'],
  reuse: PortSupply['reuse'],
): PortSupply => ({ range, reserved, count: countPorts(subtractRanges([range], reserved)), by, reuse });

/**
 * New namespaces do not inherit the host's settings (facts 0). Where a pod's were not read, they are its spec's, else the kernel's defaults; many
 * connections from other ports show that something else (a CNI plugin, an init container) has set others.
 */
export const portSupply = (
  space: Space | undefined,
  id: string,
  use: PortUse,
  pods: Reading<readonly Pod[]>,
): PortSupply => {
  const own = use.sysctls.find((s) => s.space === id);
  if (own) return supply(own.range, own.reserved, 'read', reuseOf(own.timeWaitReuse, own.timestamps));
  const name = space ? podOfSpace(space, pods) : null;
  const pod = pods.ok ? pods.value.find((p) => `${p.namespace}/${p.name}` === name) : undefined;
  const reserved = pod?.reservedPorts ?? [];
  // 2 is the default since 4.19; earlier it was 0 and a sidecar's TIME_WAIT counts for more than is said here (facts E)
  const reuse = reuseOf(Number(pod?.sysctls['net.ipv4.tcp_tw_reuse'] ?? '2'), true);
  if (pod?.portRange) return supply(pod.portRange, reserved, 'spec', reuse);
  return use.outside.includes(id)
    ? supply(widest, reserved, 'not-default', reuse)
    : supply(linuxDefault, reserved, 'default', reuse);
};
