import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type ClusterIpSet, clusterIpSets } from '../../facts/ipvs/cluster-ip-sets.ts';
import { serviceLines } from '../kube-proxy/service-lines.ts';
import { serviceTablesRead } from '../kube-proxy/service-tables.ts';

const sets = [
  ['ipv4', 'KUBE-CLUSTER-IP'],
  ['ipv6', 'KUBE-6-CLUSTER-IP'],
] as const;

/** A kernel without ip_set has no sets, and that is known. */
export const clusterIpSetsIpset = probe({
  yields: clusterIpSets,
  via: 'ipset',
  reads: { tables: serviceTablesRead },
  parse: ({ tables }) => {
    const lines = serviceLines(tables);
    if (!lines.ok) return lines;
    const none = lines.value.some((l) => l.head[0] === 'ipsets');
    const found: ClusterIpSet[] = [];
    for (const [family, name] of sets) {
      const line = lines.value.find((l) => l.head[0] === 'ipset' && l.head[1] === name);
      const [, , state, detail = ''] = line?.head ?? [];
      if (state === 'read') found.push({ family, name, ips: line?.ips ?? [] });
      else if (none || state === 'absent') found.push({ family, name, ips: null });
      else if (/not found|No such file|can't execute/.test(detail))
        return missing('tool-missing', `no ipset on the node: ${detail}`);
      else
        return missing(/permi/i.test(detail) ? 'forbidden' : 'failed', `ipset save ${name}: ${detail || 'no answer'}`);
    }
    return known(found);
  },
});
