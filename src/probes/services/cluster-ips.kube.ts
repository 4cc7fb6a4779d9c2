import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type ClusterIp, clusterIps } from '../../facts/services/cluster-ips.ts';
import { at, listAt, textAt } from '../../lib/json.ts';
import { ip } from '../../parsers/ip.ts';
import { kubeJson } from '../kube-json.ts';
import { nodePortsKube } from './node-ports.kube.ts';

const isForOthers = (service: unknown): boolean =>
  at(service, 'metadata', 'labels', 'service.kubernetes.io/service-proxy-name') !== undefined ||
  at(service, 'metadata', 'labels', 'service.kubernetes.io/headless') !== undefined;

/** Of every Service clusterIPs, or clusterIP where a server is too old for the list (before 1.20). Every cluster has one: default/kubernetes. */
export const clusterIpsKube = probe({
  yields: clusterIps,
  via: 'kube',
  reads: nodePortsKube.reads,
  parse: ({ services }) => {
    const json = kubeJson(services);
    if (!json.ok) return json;
    const found: ClusterIp[] = [];
    for (const item of listAt(json.value.body, 'items')) {
      if (isForOthers(item) || textAt(item, 'spec', 'type') === 'ExternalName') continue;
      const created = Date.parse(textAt(item, 'metadata', 'creationTimestamp'));
      const list = listAt(item, 'spec', 'clusterIPs');
      for (const text of list.length > 0 ? list : [textAt(item, 'spec', 'clusterIP')]) {
        const address = typeof text === 'string' ? ip(text) : null;
        if (!address) continue;
        found.push({
          ip: address,
          service: `${textAt(item, 'metadata', 'namespace')}/${textAt(item, 'metadata', 'name')}`,
          ageSeconds: Number.isNaN(created) ? null : Math.max(0, Math.round((json.value.serverMs - created) / 1000)),
        });
      }
    }
    // a bundle of before these fields were kept
    return found.length > 0 ? known(found) : missing('not-collected', 'the addresses of Services were not read');
  },
});
