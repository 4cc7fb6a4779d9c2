import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { clusterVersion } from '../../facts/cluster/version.ts';
import { textAt } from '../../lib/json.ts';
import { kubernetesVersionOf } from '../../lib/kubernetes-version.ts';
import { kubeJson } from '../kube-json.ts';

/** /version, which everybody who is known to the server may read. */
export const versionKube = probe({
  yields: clusterVersion,
  via: 'kube',
  reads: { version: kube('/version', ['gitVersion']) },
  parse: ({ version }) => {
    const json = kubeJson(version);
    if (!json.ok) return json;
    const text = textAt(json.value.body, 'gitVersion');
    const parsed = kubernetesVersionOf(text);
    return parsed ? known(parsed) : missing('unparsable', `the API server's version is "${text}"`);
  },
});
