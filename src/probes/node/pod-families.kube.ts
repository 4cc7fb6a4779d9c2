import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { podFamilies } from '../../facts/node/pod-families.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';

/** spec.podCIDRs of the Node; some CNIs leave it empty and bring their own address management. */
export const podFamiliesKube = probe({
  yields: podFamilies,
  via: 'kube',
  reads: { node: kube('/api/v1/nodes/{node}', ['spec.podCIDR', 'spec.podCIDRs', 'status.nodeInfo.kernelVersion', 'status.addresses']) },
  parse: ({ node }) => {
    const json = kubeJson(node);
    if (!json.ok) return json;
    const cidrs = [...listAt(json.value.body, 'spec', 'podCIDRs'), textAt(json.value.body, 'spec', 'podCIDR')].filter(
      (c): c is string => typeof c === 'string' && c !== '',
    );
    if (cidrs.length === 0) return missing('unsupported', 'the Node has no spec.podCIDRs');
    const families = new Set(cidrs.map((c): 'ipv4' | 'ipv6' => (c.includes(':') ? 'ipv6' : 'ipv4')));
    return known([...families]);
  },
});
