import type { Remedy } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { PortRange } from '../../core/report.ts';
import type { ProxyMode } from '../../facts/kube-proxy/mode.ts';
import type { NodePortRange } from '../../facts/services/node-port-range.ts';
import type { NodePort } from '../../facts/services/node-ports.ts';
import type { Listener } from '../../facts/sockets/listeners.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { intersectRanges, mergeRanges, subtractRanges } from '../../lib/port-ranges.ts';
import { nodePortSpace } from './node-port-space.ts';
import { reserveRemedy } from './reserve-remedy.ts';
import { serversInRange } from './servers-in-range.ts';

/** All that has a say in which ports are to be reserved. */
export interface PortFacts {
  readonly proxyMode: Reading<ProxyMode>;
  readonly nodePorts: Reading<readonly NodePort[]>;
  readonly nodePortRange: Reading<NodePortRange>;
  readonly listeners: Reading<readonly Listener[]>;
  readonly autobound: Reading<ReadonlySet<string>>;
  readonly pods: Reading<readonly Pod[]>;
}

const single = (p: { readonly port: number }): PortRange => [p.port, p.port];

/**
 * The one fix of all findings about the port space of a node. A write replaces the whole list of reserved ports (facts A.3), so each of
 * them prints the same list: NodePorts where they overlap, and servers in the range. `also`: ports that must be in it.
 */
export const portsRemedy = (
  ephemeral: PortRange,
  reserved: readonly PortRange[],
  f: PortFacts,
  also: readonly PortRange[] = [],
): Remedy => {
  const effective = subtractRanges([ephemeral], reserved);
  const allocated = f.nodePorts.ok ? f.nodePorts.value : [];
  const space = nodePortSpace(f.nodePortRange, allocated);
  const noServices = f.proxyMode.ok && f.proxyMode.value.mode === 'none' && !f.nodePorts.ok;
  const nodePorts = mergeRanges([space.range, ...allocated.map(single)]);
  const needed = f.proxyMode.ok && !noServices && intersectRanges(nodePorts, effective).length > 0;
  const servers = f.listeners.ok ? serversInRange(f.listeners.value, f.autobound, f.pods, effective) : [];
  return reserveRemedy(
    ephemeral,
    reserved,
    [...(needed ? nodePorts : []), ...servers.map(single), ...also],
    needed ? space.caveat : '',
  );
};
