import { cannotTell, check, fail, notApplicable, pass, type Remedy } from '../../core/check.ts';
import { type NodeCondition, nodeCondition } from '../../facts/node/condition.ts';
import { podEvents } from '../../facts/workloads/pod-events.ts';
import { subject } from '../../facts/workloads/subject.ts';
import type { Subject } from '../../facts/workloads/subjects.ts';
import { kubernetesVersionOf } from '../../lib/kubernetes-version.ts';
import { shellWord } from '../../lib/shell-word.ts';
import {
  ageSeconds,
  conditionEvidence,
  conditionOf,
  gatesMetSeconds,
  nodeEvidence,
  toleratedSeconds,
  unmetGates,
  unreadyContainers,
} from './ready-condition.ts';
import { staleAlert } from './stale-alert.ts';
import { kubeletRestartCost, staleVersions } from './stale-versions.ts';

/** The kubelet puts the status of all its pods right every 10 s, so what is older than this stays (facts L.1). In seconds. */
const settledSeconds = 60;

const eviction = (pod: Subject): string => {
  const seconds = toleratedSeconds(pod, 'not-ready');
  if (seconds === undefined) return '';
  return seconds === null
    ? ' It was not evicted meanwhile: it tolerates a node that is not ready for ever.'
    : ` It was not evicted meanwhile: it tolerates a node that is not ready for ${seconds} s.`;
};

const newStatus = (pod: Subject, node: NodeCondition): Remedy => {
  const version = kubernetesVersionOf(node.kubeletVersion);
  const restart = `restart the kubelet of ${node.name || 'its node'} (\`systemctl restart kubelet\`), which sends all its status anew: ${kubeletRestartCost(version)}`;
  return {
    say: pod.mirror
      ? `It is a static pod, which a deletion in the API does not end: ${restart}.${staleVersions(version)}`
      : pod.owner === null
        ? `It belongs to no controller, so nobody replaces it when it is deleted: ${restart}; or delete it and create it anew from its manifest.${staleVersions(version)}`
        : `Delete the pod, so that a new one takes its place (a workload of one replica is away meanwhile); or ${restart}.${staleVersions(version)}`,
    now:
      pod.owner === null || pod.mirror
        ? []
        : [`kubectl delete pod ${shellWord(pod.name)} -n ${shellWord(pod.namespace)}`],
    examples: [staleAlert],
    risk: 'disruptive',
    covers:
      'The next time the node is not ready for a while: several replicas on different nodes, and the newer version.',
  };
};

/** Others than the kubelet and the node lifecycle controller have a condition of their own for this, a readiness gate. */
const askWriter = (pod: Subject, writer: string): Remedy => ({
  say: `Ask why ${writer} keeps it from traffic; \`kubectl get pod ${shellWord(pod.name)} -n ${shellWord(pod.namespace)} -o yaml --show-managed-fields\` says who writes what. The Ready condition is the kubelet's: who wants a say in it needs a readiness gate (spec.readinessGates).`,
  risk: 'none',
});

/** Incident I4. Only the node lifecycle controller sets Ready=False without a reason; kubelet's own always has one (facts L.1). */
export const stale = check({
  id: 'readiness/stale',
  title: "The pod's Ready condition says what its containers say",
  severity: 'error',
  per: 'pod',
  docs: {
    why:
      'When a node was not ready for a while, the node lifecycle controller sets Ready=False on its pods; the kubelet is to set it back within 10 seconds. Where it does not, the pod gets no traffic ' +
      'for ever, though all its containers are ready and kubectl shows 1/1. One read is enough to tell it: the condition and the readiness of the node are both older than a minute by the ' +
      "server's clock, ContainersReady is True and every readiness gate is met.",
    links: [
      'https://github.com/kubernetes/kubernetes/issues/84931',
      'https://github.com/kubernetes/kubernetes/pull/84951',
      'https://github.com/kubernetes/kubernetes/issues/87615',
    ],
  },
  needs: { subject, nodeCondition },
  wants: { podEvents },
  judge: (facts, maybe) => {
    const pod = facts.subject;
    if (pod.phase !== 'Running') return notApplicable(`the pod is ${pod.phase || 'in no phase yet'}`);
    if (pod.deletion !== null) return notApplicable('the pod is being deleted');
    const ready = conditionOf(pod, 'Ready');
    const containersReady = conditionOf(pod, 'ContainersReady');
    if (!ready || !containersReady) return notApplicable('the kubelet has not said yet whether it is ready');
    if (ready.status === 'True') return pass('Ready is True');
    const unready = unreadyContainers(pod);
    if (unready.length > 0)
      return pass(`Ready is ${ready.status}, and so it should be: ${unready.join(', ')} not ready`);
    if (containersReady.status !== 'True')
      return pass(`Ready is ${ready.status}, and so is ContainersReady (${containersReady.reason || 'no reason'})`);
    const gates = unmetGates(pod);
    if (gates.length > 0)
      return pass(`Ready is ${ready.status}, and so it should be: readiness gate ${gates.join(', ')} not met`);
    const node = facts.nodeCondition;
    if (node.ready.status !== 'True')
      return notApplicable(
        `its node is not Ready (${node.ready.reason || node.ready.status}), and Ready=${ready.status} is right`,
      );
    const podAge = ageSeconds(pod.nowMs, ready.sinceMs);
    const nodeAge = ageSeconds(node.nowMs, node.ready.sinceMs);
    if (podAge === null) return cannotTell(subject, `Ready=${ready.status}, and nobody says since when`);
    if (nodeAge === null) return cannotTell(nodeCondition, 'its node is Ready, and nobody says since when');
    const gatesAge = gatesMetSeconds(pod);
    if (Math.min(podAge, nodeAge, gatesAge ?? podAge) <= settledSeconds)
      return notApplicable(
        `it may be just recovering: Ready=${ready.status} for ${podAge} s, its node Ready for ${nodeAge} s${gatesAge === null ? '' : `, its readiness gates met for ${gatesAge} s`}; look again in a minute`,
      );
    const events = maybe.podEvents.ok
      ? maybe.podEvents.value.filter((e) => e.reason === 'NodeNotReady' && e.podUid === pod.uid)
      : [];
    // with the same manager name elsewhere than in kubeadm's clusters (k3s is one process) the node's own time tells
    const flapped = nodeAge <= podAge + settledSeconds;
    const byController =
      ready.reason === '' && (ready.writer === null || /controller-manager/.test(ready.writer.manager) || flapped);
    const writer =
      ready.writer?.manager ?? (byController ? 'the node lifecycle controller, by the empty reason' : 'somebody');
    const byKubelet = ready.writer?.manager === 'kubelet';
    return fail({
      id: byController ? 'stale' : 'stale-by-other',
      severity: byController ? 'error' : 'warning',
      message: `Ready=${ready.status} for ${podAge} s though all containers are ready, ContainersReady is True${pod.readinessGates.length > 0 ? ', every readiness gate is met' : ''} and its node has been Ready for ${nodeAge} s: no Service sends it traffic. It was written by ${writer}${byController ? ', as it does when a node is not ready, and the kubelet has not put it right' : ` ${ready.reason === '' ? 'without a reason' : `with reason ${ready.reason}`}${byKubelet ? ', and it has not put it right since' : ''}`}.${byController ? eviction(pod) : ''}`,
      data: {
        readyStatus: ready.status,
        readySeconds: podAge,
        nodeReadySeconds: nodeAge,
        reason: ready.reason,
        writer: ready.writer?.manager ?? null,
        kubelet: node.kubeletVersion,
        toleratesNotReadySeconds: toleratedSeconds(pod, 'not-ready') ?? null,
      },
      evidence: [
        conditionEvidence(ready),
        conditionEvidence(containersReady),
        nodeEvidence(node),
        ...events.map((e) => ({
          source: `event NodeNotReady${e.count > 1 ? `, ${e.count} times` : ''}`,
          text: e.message,
        })),
      ],
      fix: byController || byKubelet ? newStatus(pod, node) : askWriter(pod, writer),
    });
  },
});
