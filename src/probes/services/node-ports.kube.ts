import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { type NodePort, nodePorts } from '../../facts/services/node-ports.ts';
import { listAt, numberAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';

const protocolOf = (text: string): NodePort['protocol'] => (text === 'UDP' || text === 'SCTP' ? text : 'TCP');

/** Every nodePort of every Service (NodePort and LoadBalancer), and healthCheckNodePort, which comes from the same range. */
export const nodePortsKube = probe({
  yields: nodePorts,
  via: 'kube',
  reads: {
    services: kube('/api/v1/services', [
      'items[].metadata.namespace',
      'items[].metadata.name',
      'items[].spec.type',
      'items[].spec.clusterIP',
      'items[].spec.clusterIPs',
      'items[].spec.ports[].nodePort',
      'items[].spec.ports[].protocol',
      'items[].spec.healthCheckNodePort',
    ]),
  },
  parse: ({ services }) => {
    const json = kubeJson(services);
    if (!json.ok) return json;
    const found: NodePort[] = [];
    for (const item of listAt(json.value.body, 'items')) {
      const service = `${textAt(item, 'metadata', 'namespace')}/${textAt(item, 'metadata', 'name')}`;
      for (const p of listAt(item, 'spec', 'ports')) {
        const port = numberAt(p, 'nodePort');
        if (port) found.push({ port, protocol: protocolOf(textAt(p, 'protocol')), service, kind: 'nodePort' });
      }
      const health = numberAt(item, 'spec', 'healthCheckNodePort');
      if (health) found.push({ port: health, protocol: 'TCP', service, kind: 'healthCheckNodePort' });
    }
    return known(found.sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1)));
  },
});
