import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { podNetworks } from '../../facts/node/pod-networks.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { cidr } from '../../parsers/cidr.ts';
import { kubeJson } from '../kube-json.ts';
import { podsKube } from '../workloads/pods.kube.ts';
import { nodeObject } from './node-object.ts';

/** spec.podCIDRs of the Node and the addresses of its pods: a CNI with address management of its own may leave the former out or use other networks. */
export const podNetworksKube = probe({
  yields: podNetworks,
  via: 'kube',
  reads: { node: nodeObject, pods: podsKube.reads.pods },
  parse: ({ node, pods }) => {
    const json = kubeJson(node);
    if (!json.ok) return json;
    const cidrs = [...listAt(json.value.body, 'spec', 'podCIDRs'), textAt(json.value.body, 'spec', 'podCIDR')];
    const running = podsKube.parse({ pods });
    const addresses = running.ok ? running.value.filter((p) => !p.hostNetwork).flatMap((p) => p.ips) : [];
    const found = [...cidrs, ...addresses].flatMap((t) => (typeof t === 'string' ? (cidr(t) ?? []) : []));
    if (found.length === 0)
      return missing('unsupported', 'the Node has no spec.podCIDRs and no pod with an address of its own');
    return known([...new Set(found)]);
  },
});
