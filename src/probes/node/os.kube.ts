import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { nodeOs } from '../../facts/node/os.ts';
import { textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { nodeObject } from './node-object.ts';

/** nodeInfo.osImage, which kubelet takes from PRETTY_NAME. */
export const osKube = probe({
  yields: nodeOs,
  via: 'kube',
  reads: { node: nodeObject },
  parse: ({ node }) => {
    const json = kubeJson(node);
    if (!json.ok) return json;
    const name = textAt(json.value.body, 'status', 'nodeInfo', 'osImage');
    return name === ''
      ? missing('unsupported', 'the Node does not say what its operating system is')
      : known({ name, source: 'nodeInfo.osImage of the Node' });
  },
});
