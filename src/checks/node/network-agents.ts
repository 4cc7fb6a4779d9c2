import { cannotTell, check, fail, pass } from '../../core/check.ts';
import { nodeCondition } from '../../facts/node/condition.ts';
import { networkCondition } from '../../facts/node/network-condition.ts';
import { systemPods } from '../../facts/node/system-pods.ts';
import { daemonSets } from '../../facts/workloads/daemon-sets.ts';
import { agentProblem } from './agent-problem.ts';
import { conditionProblems } from './condition-problems.ts';
import { missingAgents } from './missing-agents.ts';
import { networkAgentOf } from './network-agent-of.ts';
import { podFault } from './pod-fault.ts';

/** The commonest cause of all: the pods that make the node's network do not run. Told by the API alone. */
export const networkAgents = check({
  id: 'node/network-agents',
  title: "The pods that make the node's network run",
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'The network of a node is made by pods in kube-system and the like: CNI, kube-proxy, DNS. When one of them crashes, cannot pull its image or is missing, pods do not start, Services lead to pods ' +
      'that are gone, or names are not resolved, and what is looked at first is mostly something else. A DaemonSet is called missing here only when nothing but its operating system restricts it.',
    links: [
      'https://kubernetes.io/docs/concepts/architecture/nodes/#condition',
      'https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/',
    ],
  },
  needs: { systemPods, nodeCondition, networkCondition, daemonSets },
  wants: { daemonSets },
  judge: (facts, maybe) => {
    const { pods, nowMs } = facts.systemPods;
    const agents = pods.flatMap((pod) => {
      const agent = networkAgentOf(pod);
      return agent ? [{ pod, agent, fault: podFault(pod, nowMs) }] : [];
    });
    const seen = [
      ...conditionProblems(facts.nodeCondition, facts.networkCondition),
      ...agents.flatMap(({ pod, agent, fault }) => (fault ? [agentProblem(pod, agent, fault)] : [])),
    ];
    // what was seen is told without them; without them it cannot be said that none is missing
    const sets = seen.length === 0 || maybe.daemonSets.ok ? facts.daemonSets : [];
    const [first, ...rest] = [...seen, ...missingAgents(sets, facts.systemPods, facts.networkCondition)];
    if (first) return fail(first, ...rest);
    if (facts.nodeCondition.ready.status === 'Unknown')
      return cannotTell(nodeCondition, 'its kubelet has stopped telling how the pods of this node are');
    const live = agents.filter(({ pod }) => !pod.leaving && pod.phase === 'Running').map(({ agent }) => agent.title);
    return pass(
      live.length === 0
        ? 'the node has its network; no agent of it is a pod here'
        : `pods here are well: ${[...new Set(live)].join(', ')}`,
    );
  },
});
