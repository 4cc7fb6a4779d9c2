import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { podFamilies } from '../../facts/node/pod-families.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { podsKube } from '../workloads/pods.kube.ts';
import { nodeObject } from './node-object.ts';

/** spec.podCIDRs of the Node; CNIs with address management of their own leave it empty, then the addresses of the node's pods tell. */
export const podFamiliesKube = probe({
  yields: podFamilies,
  via: 'kube',
  reads: { node: nodeObject, pods: podsKube.reads.pods },
  parse: ({ node, pods }) => {
    const json = kubeJson(node);
    if (!json.ok) return json;
    const cidrs = [...listAt(json.value.body, 'spec', 'podCIDRs'), textAt(json.value.body, 'spec', 'podCIDR')];
    const running = podsKube.parse({ pods });
    const addresses = running.ok ? running.value.filter((p) => !p.hostNetwork).flatMap((p) => p.ips) : [];
    const texts = [...cidrs, ...addresses].filter((t): t is string => typeof t === 'string' && t !== '');
    if (texts.length === 0)
      return missing('unsupported', 'the Node has no spec.podCIDRs and no pod with an address of its own');
    return known([...new Set(texts.map((t): 'ipv4' | 'ipv6' => (t.includes(':') ? 'ipv6' : 'ipv4')))].sort());
  },
});
