import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { networkCondition } from '../../facts/node/network-condition.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { nodeObject } from './node-object.ts';

const timeOf = (text: string): number | null => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
};

/** A Node without the condition is common, and known. */
export const networkConditionKube = probe({
  yields: networkCondition,
  via: 'kube',
  reads: { node: nodeObject },
  parse: ({ node }) => {
    const json = kubeJson(node);
    if (!json.ok) return json;
    const { body, serverMs } = json.value;
    const found = listAt(body, 'status', 'conditions').find((c) => textAt(c, 'type') === 'NetworkUnavailable');
    return known({
      unavailable:
        found === undefined
          ? null
          : {
              status: textAt(found, 'status'),
              reason: textAt(found, 'reason'),
              message: textAt(found, 'message'),
              sinceMs: timeOf(textAt(found, 'lastTransitionTime')),
            },
      createdAtMs: timeOf(textAt(body, 'metadata', 'creationTimestamp')),
      nowMs: serverMs,
    });
  },
});
