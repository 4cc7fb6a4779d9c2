import type { Problem } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { ProxySync } from '../../facts/kube-proxy/sync.ts';
import type { Agent } from '../../facts/node/agents.ts';
import type { SystemPod, SystemPods } from '../../facts/node/system-pods.ts';
import { shellWord } from '../../lib/shell-word.ts';

/** They do kube-proxy's work, for certain or perhaps (Calico by eBPF, Antrea's proxyAll). */
const replaces = /^(cilium-agent|ovnkube|antrea-agent|calico-node)$/;
/** A pod that has just been made may have no process yet. */
const settleSeconds = 60;

const isProxy = (p: SystemPod): boolean =>
  p.namespace === 'kube-system' && !p.leaving && (p.labels.includes('kube-proxy') || /^kube-proxy(-|$)/.test(p.name));

const stateOf = (pod: SystemPod): string =>
  pod.containers.flatMap((c) => (c.waiting ? [c.waiting.reason] : [])).join(', ') || pod.phase;

/**
 * The problem where no kube-proxy runs and one should: by a pod of it that the API has here and that does not run, or by its rules in the
 * kernel where nothing replaces it. Else why that is as it should be; null and null where nobody can tell.
 */
export const notRunning = (
  agents: readonly Agent[],
  sync: ProxySync,
  pods: Reading<SystemPods>,
): readonly [problem: Problem | null, reason: string | null] => {
  if (!agents.some((a) => a.name === 'kubelet') && !pods.ok) return [null, 'no kubelet runs here'];
  const pod = pods.ok ? pods.value.pods.find(isProxy) : undefined;
  const settled = (p: SystemPod): boolean =>
    pods.ok &&
    p.createdAtMs !== null &&
    pods.value.nowMs - p.createdAtMs > settleSeconds * 1000 &&
    p.containers.some((c) => !c.init) &&
    p.containers.every((c) => c.init || c.runningSinceMs === null);
  const other = agents.find((a) => replaces.test(a.name));
  const rules = sync.rulesLeft;
  if (pod && settled(pod)) {
    const name = `${pod.namespace}/${pod.name}`;
    return [
      {
        id: 'not-running',
        severity: 'error',
        message: `No kube-proxy runs here: its pod ${name} is ${stateOf(pod)}. ${rules ? 'Rules of an earlier one stand in the kernel and grow old' : 'No rules of it were seen'}; changes of Services and their pods do not reach this node.`,
        data: { pod: name, rulesLeft: rules },
        evidence: [{ source: `kubectl get pod -n ${pod.namespace} ${pod.name}`, text: stateOf(pod) }],
        fix: {
          say: 'With kubectl: read why, and mend that.',
          now: [`kubectl describe pod -n ${shellWord(pod.namespace)} ${shellWord(pod.name)}`],
          risk: 'none',
        },
      },
      null,
    ];
  }
  if (other) return [null, `no kube-proxy runs; ${other.name} does`];
  // between a look at the API and one at the node a pod may have come or gone
  if (!rules || pod) return [null, null];
  return [
    {
      id: 'not-running',
      severity: 'error',
      message:
        'No kube-proxy runs here, nor what replaces it, but rules of one stand in the kernel. They stay as they were when it ended: changes of Services and their pods do not reach this node.',
      data: { pod: null, rulesLeft: rules },
      evidence: [
        { source: rules.source, text: rules.text },
        { source: 'ps -e, in the network namespace of the node', text: 'no kube-proxy' },
      ],
      fix: {
        say: 'Start it: the DaemonSet kube-system/kube-proxy must have a pod here, or, where it is a service of the node, that must run. Where it was replaced on purpose, remove its rules (`kube-proxy --cleanup`).',
        now: ['systemctl status kube-proxy --no-pager'],
        risk: 'none',
      },
    },
    null,
  ];
};
