import { known, missing, type Reading } from '../../core/gap.ts';
import type { Raw } from '../../core/read.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { podsKube } from '../workloads/pods.kube.ts';

/** spec.podCIDRs of the Node and the addresses of its pods, as the API has them: a CNI with address management of its own may leave the former out or use other networks. */
export const podAddresses = ({ node, pods }: { readonly node: Raw; readonly pods: Raw }): Reading<string[]> => {
  const json = kubeJson(node);
  if (!json.ok) return json;
  const cidrs = [...listAt(json.value.body, 'spec', 'podCIDRs'), textAt(json.value.body, 'spec', 'podCIDR')];
  const running = podsKube.parse({ pods });
  const addresses = running.ok ? running.value.filter((p) => !p.hostNetwork).flatMap((p) => p.ips) : [];
  const texts = [...cidrs, ...addresses].filter((t): t is string => typeof t === 'string' && t !== '');
  return texts.length === 0
    ? missing('unsupported', 'the Node has no spec.podCIDRs and no pod with an address of its own')
    : known(texts);
};
