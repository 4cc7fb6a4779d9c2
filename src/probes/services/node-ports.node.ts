import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { nodePorts } from '../../facts/services/node-ports.ts';
import { virtualServersProc } from '../ipvs/virtual-servers.proc.ts';

/** Without the API the node itself tells, in ipvs mode: virtual servers on its own addresses. Names of Services are not known there. */
export const nodePortsNode = probe({
  yields: nodePorts,
  via: 'node',
  reads: { table: virtualServersProc.reads.table },
  parse: (raw) => {
    const servers = virtualServersProc.parse(raw);
    if (!servers.ok) return servers;
    if (servers.value.count === 0)
      return missing('not-chosen', 'the allocated NodePorts are known to the API only, and it was not asked');
    if (!servers.value.nodePorts)
      return missing('tool-missing', 'no `ip` there to tell NodePorts from other virtual servers');
    return known(servers.value.nodePorts.map((p) => ({ ...p, service: null, kind: 'nodePort' as const })));
  },
});
