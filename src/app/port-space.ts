import { nodePortSpace } from '../checks/ports/node-port-space.ts';
import { victimsOf } from '../checks/ports/victims.ts';
import type { Lookup } from '../core/facts-table.ts';
import type { PortSpace } from '../core/report.ts';
import { suspects } from '../facts/ipvs/suspects.ts';
import { ephemeralRange } from '../facts/kernel/ephemeral-range.ts';
import { reservedPorts } from '../facts/kernel/reserved-ports.ts';
import { proxyMode } from '../facts/kube-proxy/mode.ts';
import { nodePortRange } from '../facts/services/node-port-range.ts';
import { nodePorts } from '../facts/services/node-ports.ts';

/** The picture of the node's ports; null where the ephemeral range is not known. */
export const portSpace = (lookup: Lookup): PortSpace | null => {
  const ephemeral = lookup(ephemeralRange);
  if (!ephemeral.ok) return null;
  const reserved = lookup(reservedPorts);
  const allocated = lookup(nodePorts);
  const configured = lookup(nodePortRange);
  const mode = lookup(proxyMode);
  const seen = lookup(suspects);
  const served = allocated.ok || configured.ok || (mode.ok && mode.value.mode !== 'none');
  return {
    ephemeral: ephemeral.value,
    reserved: reserved.ok ? reserved.value : [],
    nodePortRange: served ? nodePortSpace(configured, allocated.ok ? allocated.value : []).range : null,
    nodePorts: allocated.ok ? [...new Set(allocated.value.map((p) => p.port))].sort((a, b) => a - b) : [],
    victims: seen.ok ? [...new Set(victimsOf(seen.value).map((v) => v.tuple.source.port))].sort((a, b) => a - b) : [],
  };
};
