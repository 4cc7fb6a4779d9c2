import { cannotTell, check, fail, notApplicable, pass } from '../../core/check.ts';
import { nodeCondition } from '../../facts/node/condition.ts';
import { type Endpoint, endpoints } from '../../facts/services/endpoints.ts';
import { subject } from '../../facts/workloads/subject.ts';
import type { Subject } from '../../facts/workloads/subjects.ts';
import { shellWord } from '../../lib/shell-word.ts';
import { ageSeconds, conditionEvidence, conditionOf, nodeEvidence, toleratedSeconds } from './ready-condition.ts';

/** A node that was just lost is marked, and its pods with it, within seconds; after so many it stays as it is. */
const settledSeconds = 60;

/**
 * The Services that send traffic to the pod: its endpoint is ready, or no endpoint is and it serves while it is terminating (kube-proxy falls
 * back to these from 1.26 on, KEP-1669; measured on a node that is off).
 */
const servicesThatSend = (pod: Subject, all: readonly Endpoint[]): readonly string[] => {
  const isReady = (service: string): boolean => all.some((e) => e.service === service && e.ready);
  const own = all.filter((e) => e.podUid === pod.uid);
  return [
    ...new Set(own.flatMap((e) => (e.ready || (e.serving && e.terminating && !isReady(e.service)) ? [e.service] : []))),
  ];
};

const eviction = (pod: Subject, gone: boolean): string => {
  // it looks every 20 s, and waits 40 s (pkg/controller/podgc); measured 55 s
  if (gone) return ' The garbage collector (kube-controller-manager) deletes it within about a minute after its Node.';
  if (pod.deletion !== null) return ' It is marked for deletion, which only its kubelet could carry out.';
  const seconds = toleratedSeconds(pod, 'unreachable');
  if (seconds === undefined) return ' Nothing keeps it from being evicted; that it was not means that nobody evicts.';
  return seconds === null
    ? ' It is never evicted: it tolerates an unreachable node for ever.'
    : ` It is evicted (marked for deletion, which only its kubelet could carry out) ${seconds} s after the node was lost.`;
};

/** Incident I4.3, the opposite: nobody takes Ready=True from the pods when a node goes from Ready=False to Unknown (kubernetes#112733). */
export const readyOnDeadNode = check({
  id: 'readiness/ready-on-dead-node',
  title: 'A pod that is Ready is on a node that is there',
  severity: 'error',
  per: 'pod',
  docs: {
    why:
      'Ready=True of a pod is the last word of its kubelet. When the kubelet is gone, the node lifecycle controller is to set it to False; it does so when the node goes from Ready to Unknown, but not ' +
      'when the node had said NotReady before (kubernetes#112733), nor when the controller itself is down. Services then go on sending traffic to a machine that is off.',
    links: ['https://github.com/kubernetes/kubernetes/issues/112733'],
  },
  needs: { subject, nodeCondition },
  wants: { nodeCondition, endpoints },
  judge: (facts, maybe) => {
    const pod = facts.subject;
    if (pod.node === null) return notApplicable('it is on no node');
    const ready = conditionOf(pod, 'Ready');
    if (ready?.status !== 'True') return notApplicable('the pod is not Ready');
    const gone = !maybe.nodeCondition.ok && maybe.nodeCondition.gap.kind === 'absent';
    const node = gone ? null : facts.nodeCondition;
    if (node?.ready.status === 'True') return pass(`node ${pod.node} is Ready`);
    if (node?.ready.status === 'False')
      return notApplicable(
        `node ${pod.node} says itself that it is not ready (${node.ready.reason}): its kubelet lives`,
      );
    const age = node === null ? null : ageSeconds(node.nowMs, node.ready.sinceMs);
    if (node !== null && age === null)
      return cannotTell(nodeCondition, `nothing was heard of node ${pod.node}, and nobody says since when`);
    if (age !== null && age <= settledSeconds)
      return notApplicable(`node ${pod.node} was lost ${age} s ago: its pods are being marked; look again in a minute`);
    const behind = maybe.endpoints.ok ? servicesThatSend(pod, maybe.endpoints.value) : [];
    const what =
      node === null
        ? `node ${pod.node} is not in the cluster any more`
        : `nothing was heard of node ${pod.node} for ${age} s`;
    return fail({
      id: node === null ? 'node-gone' : 'node-lost',
      // the cluster itself deletes it within a minute
      severity: node === null ? 'warning' : 'error',
      message: `The pod is Ready=True though ${what}.${behind.length > 0 ? ` ${behind.join(', ')} ${behind.length === 1 ? 'sends' : 'send'} traffic there.` : ''}${eviction(pod, node === null)}`,
      data: {
        node: pod.node,
        nodeReady: node?.ready.status ?? null,
        lostSeconds: age,
        services: behind,
        toleratesUnreachableSeconds: toleratedSeconds(pod, 'unreachable') ?? null,
      },
      evidence: [
        conditionEvidence(ready),
        ...(node === null ? [{ source: `node ${pod.node}`, text: 'not found' }] : [nodeEvidence(node)]),
      ],
      fix: {
        say: `Make sure that the machine is off or cut off, then delete the pod by force: the API alone forgets it, and where the machine still runs, so do the containers.`,
        // of a static pod the API has a mirror only
        now: pod.mirror
          ? []
          : [`kubectl delete pod ${shellWord(pod.name)} -n ${shellWord(pod.namespace)} --force --grace-period=0`],
        ...(node === null
          ? {}
          : {
              examples: [
                {
                  about:
                    'or, for pods with volumes, once the machine is off for certain (Kubernetes 1.28 and newer): it evicts all pods of the node and detaches their volumes; take it away when the node is back',
                  text: `kubectl taint nodes ${shellWord(pod.node)} node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`,
                },
              ],
            }),
        risk: 'disruptive',
      },
    });
  },
});
