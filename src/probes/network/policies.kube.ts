import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { policies } from '../../facts/network/policies.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';

/** Where there are NetworkPolicies; what they say is not read. */
export const policiesKube = probe({
  yields: policies,
  via: 'kube',
  reads: { list: kube('/apis/networking.k8s.io/v1/networkpolicies', ['items[].metadata.namespace']) },
  parse: ({ list }) => {
    const json = kubeJson(list);
    if (!json.ok) return json;
    return known([...new Set(listAt(json.value.body, 'items').map((p) => textAt(p, 'metadata', 'namespace')))].sort());
  },
});
