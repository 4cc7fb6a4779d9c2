import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { clusterIps } from '../../facts/services/cluster-ips.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { ip } from '../../parsers/ip.ts';
import { kubeJson } from '../kube-json.ts';
import { nodePortsKube } from './node-ports.kube.ts';

/** `clusterIPs` since 1.20, `clusterIP` before; "None" of a headless Service is no address. */
export const clusterIpsKube = probe({
  yields: clusterIps,
  via: 'kube',
  reads: { services: nodePortsKube.reads.services },
  parse: ({ services }) => {
    const json = kubeJson(services);
    if (!json.ok) return json;
    return known(
      listAt(json.value.body, 'items').flatMap((item) => {
        const texts = [textAt(item, 'spec', 'clusterIP'), ...listAt(item, 'spec', 'clusterIPs')];
        const ips = [...new Set(texts.flatMap((t) => (typeof t === 'string' ? (ip(t) ?? []) : [])))];
        if (ips.length === 0) return [];
        return [{ service: `${textAt(item, 'metadata', 'namespace')}/${textAt(item, 'metadata', 'name')}`, ips }];
      }),
    );
  },
});
