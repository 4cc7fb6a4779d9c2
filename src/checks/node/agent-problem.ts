import type { Problem } from '../../core/check.ts';
import type { SystemPod } from '../../facts/node/system-pods.ts';
import { shellWord } from '../../lib/shell-word.ts';
import type { NetworkAgent } from './network-agent-of.ts';
import type { PodFault } from './pod-fault.ts';

/** What it means for the node when such a pod does not work. */
const meaning: Readonly<Record<NetworkAgent['role'], string>> = {
  cni: 'The network of its pods is not kept up: new pods do not start, or their routes and policies are not set.',
  proxy: 'Services are not kept up on this node: changes of Services and their pods do not reach it.',
  dns: 'It answers no names: pods that ask it wait, and fail where nobody else answers.',
};

/** The problem that a network agent's pod has, with what to read and how to have it made anew. */
export const agentProblem = (pod: SystemPod, agent: NetworkAgent, fault: PodFault): Problem => {
  const where = `-n ${shellWord(pod.namespace)} ${shellWord(pod.name)}`;
  const previous = fault.id === 'does-not-run' || fault.id === 'restarts' ? ' --previous' : '';
  const started = pod.containers.some(
    (c) => c.name === fault.container && (c.restarts > 0 || c.runningSinceMs !== null),
  );
  const read = started
    ? `kubectl logs ${where} -c ${shellWord(fault.container)} --tail=50${previous}`
    : `kubectl describe pod ${where}`;
  return {
    id: fault.id,
    severity: fault.severity,
    message: `${pod.namespace}/${pod.name} (${agent.title}): container ${fault.container} ${fault.what}. ${meaning[agent.role]}`,
    data: { pod: `${pod.namespace}/${pod.name}`, agent: agent.title, role: agent.role, container: fault.container },
    evidence: [{ source: `kubectl get pod ${where}`, text: `container ${fault.container} ${fault.what}` }],
    fix: {
      say: `With kubectl: read why, and mend that${pod.mirror ? ' (a static pod: its manifest lies on the node)' : ', then have the pod made anew'}.`,
      now: pod.mirror ? [read] : [read, `kubectl delete pod ${where}`],
      risk: 'disruptive',
      covers: 'What makes it fail: that stands in its log or its events.',
    },
  };
};
