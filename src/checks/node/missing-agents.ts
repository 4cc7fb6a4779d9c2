import type { Problem } from '../../core/check.ts';
import type { NetworkCondition } from '../../facts/node/network-condition.ts';
import type { SystemPods } from '../../facts/node/system-pods.ts';
import type { DaemonSet } from '../../facts/workloads/daemon-sets.ts';
import { shellWord } from '../../lib/shell-word.ts';
import { networkAgentOf } from './network-agent-of.ts';

/** So long after node or DaemonSet were made its pod may still be on its way. */
const settleSeconds = 120;

/** DaemonSets of network agents that every node must have a pod of, and that have none here, not even one that has ended or is leaving. */
export const missingAgents = (
  sets: readonly DaemonSet[],
  { pods, nowMs }: SystemPods,
  net: NetworkCondition,
): readonly Problem[] => {
  const settled = (ms: number | null): boolean => ms !== null && nowMs - ms > settleSeconds * 1000;
  if (!settled(net.createdAtMs)) return [];
  return sets.flatMap((set): Problem[] => {
    const agent = networkAgentOf({ ...set, labels: [set.name] });
    // while a pod is replaced, none is on the node for a moment; the status counts those that are on their way
    const lacks = set.desired !== null && set.scheduled !== null && set.scheduled < set.desired;
    if (!agent || !lacks || !set.everyNode || !settled(set.createdAtMs) || pods.some((p) => p.owner?.uid === set.uid))
      return [];
    const name = `${set.namespace}/${set.name}`;
    return [
      {
        id: 'missing',
        severity: 'error',
        message: `No pod of DaemonSet ${name} (${agent.title}) is on this node, though it is for every Linux node; ${set.scheduled} of ${set.desired} nodes have one. Nobody made one for this node: the controller manager, a quota or an admission webhook stands in the way.`,
        data: { daemonSet: name, agent: agent.title, role: agent.role },
        evidence: [
          { source: `kubectl get pods -n ${set.namespace}, on this node`, text: `none of DaemonSet ${set.name}` },
        ],
        fix: {
          say: 'With kubectl: see what its events say.',
          now: [`kubectl describe daemonset -n ${shellWord(set.namespace)} ${shellWord(set.name)}`],
          risk: 'none',
        },
      },
    ];
  });
};
