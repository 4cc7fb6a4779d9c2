import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { defaultNodePortRange, nodePortRange } from '../../facts/services/node-port-range.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { parsePortSpan } from '../../parsers/port-span.ts';
import { kubeJson } from '../kube-json.ts';

const flagName = 'service-node-port-range';
const flag = `--${flagName}`;

/** The apiserver's own pod (kubeadm and others run it as a static pod with this label), then kubeadm's ClusterConfiguration (facts A.4). */
export const nodePortRangeKube = probe({
  yields: nodePortRange,
  via: 'kube',
  reads: {
    pods: kube(
      '/api/v1/namespaces/kube-system/pods?labelSelector=component%3Dkube-apiserver',
      ['items[].metadata.name', 'items[].spec.containers[].command', 'items[].spec.containers[].args'],
      flagName,
    ),
    kubeadm: kube('/api/v1/namespaces/kube-system/configmaps/kubeadm-config', ['data.ClusterConfiguration'], flagName),
  },
  parse: ({ pods, kubeadm }) => {
    const json = kubeJson(pods);
    let flagged = false;
    for (const pod of json.ok ? listAt(json.value.body, 'items') : []) {
      for (const c of listAt(pod, 'spec', 'containers')) {
        const words = [...listAt(c, 'command'), ...listAt(c, 'args')].filter((w): w is string => typeof w === 'string');
        const i = words.findIndex((w) => w === flag || w.startsWith(`${flag}=`));
        if (i < 0) continue;
        flagged = true;
        const value = words[i] === flag ? (words[i + 1] ?? '') : (words[i] ?? '').slice(flag.length + 1);
        const range = parsePortSpan(value);
        if (range) return known({ range, source: `${flag} of pod kube-system/${textAt(pod, 'metadata', 'name')}` });
      }
    }
    const config = kubeJson(kubeadm);
    const text = config.ok ? textAt(config.value.body, 'data', 'ClusterConfiguration') : '';
    const m =
      /^\s*service-node-port-range:\s*["']?([0-9+-]+)["']?\s*$/m.exec(text) ??
      /name:\s*["']?service-node-port-range["']?\s*\n\s*value:\s*["']?([0-9+-]+)["']?/.exec(text);
    const range = parsePortSpan(m?.[1] ?? '');
    if (range) return known({ range, source: 'ConfigMap kube-system/kubeadm-config' });
    if (!json.ok) return json;
    const [apiserver] = listAt(json.value.body, 'items');
    if (apiserver && !flagged) {
      const source = `Kubernetes' default, since pod kube-system/${textAt(apiserver, 'metadata', 'name')} has no ${flag}`;
      return known({ range: defaultNodePortRange, source });
    }
    return missing('absent', `no ${flag} was seen`);
  },
});
