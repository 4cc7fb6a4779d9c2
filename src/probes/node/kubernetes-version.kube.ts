import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { nodeKubernetesVersion } from '../../facts/node/kubernetes-version.ts';
import { kubernetesVersionOf } from '../../lib/kubernetes-version.ts';
import { conditionKube } from './condition.kube.ts';

/** nodeInfo.kubeletVersion. */
export const kubernetesVersionKube = probe({
  yields: nodeKubernetesVersion,
  via: 'kube',
  reads: conditionKube.reads,
  parse: (raw) => {
    const node = conditionKube.parse(raw);
    if (!node.ok) return node;
    const version = kubernetesVersionOf(node.value.kubeletVersion);
    return version ? known(version) : missing('unparsable', `kubelet's version is "${node.value.kubeletVersion}"`);
  },
});
