import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { nodeKubernetesVersion } from '../../facts/node/kubernetes-version.ts';
import { textAt } from '../../lib/json.ts';
import { kubernetesVersionOf } from '../../lib/kubernetes-version.ts';
import { kubeJson } from '../kube-json.ts';
import { nodeObject } from './node-object.ts';

/** nodeInfo.kubeletVersion. */
export const kubernetesVersionKube = probe({
  yields: nodeKubernetesVersion,
  via: 'kube',
  reads: { node: nodeObject },
  parse: ({ node }) => {
    const json = kubeJson(node);
    if (!json.ok) return json;
    const text = textAt(json.value.body, 'status', 'nodeInfo', 'kubeletVersion');
    const version = kubernetesVersionOf(text);
    return version ? known(version) : missing('unparsable', `kubelet's version is "${text}"`);
  },
});
