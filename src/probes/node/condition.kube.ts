import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { nodeCondition } from '../../facts/node/condition.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { nodeObject } from './node-object.ts';

/** The Ready condition of the Node object. */
export const conditionKube = probe({
  yields: nodeCondition,
  via: 'kube',
  reads: { node: nodeObject },
  parse: ({ node }) => {
    const json = kubeJson(node);
    if (!json.ok) return json;
    const { body, serverMs } = json.value;
    const ready = listAt(body, 'status', 'conditions').find((c) => textAt(c, 'type') === 'Ready');
    const status = textAt(ready, 'status');
    if (status !== 'True' && status !== 'False' && status !== 'Unknown')
      return missing('unsupported', 'the Node has no Ready condition');
    const since = Date.parse(textAt(ready, 'lastTransitionTime'));
    return known({
      name: textAt(body, 'metadata', 'name'),
      ready: {
        status,
        reason: textAt(ready, 'reason'),
        message: textAt(ready, 'message'),
        sinceMs: Number.isNaN(since) ? null : since,
      },
      kubeletVersion: textAt(body, 'status', 'nodeInfo', 'kubeletVersion'),
      runtime: textAt(body, 'status', 'nodeInfo', 'containerRuntimeVersion'),
      nowMs: serverMs,
    });
  },
});
