import { check, type Evidence, fail, notApplicable, type Problem, pass } from '../../core/check.ts';
import { known, type Reading } from '../../core/gap.ts';
import { type NodeCondition, nodeCondition } from '../../facts/node/condition.ts';
import { endpoints } from '../../facts/services/endpoints.ts';
import { fronts } from '../../facts/services/fronts.ts';
import { controllers } from '../../facts/workloads/controllers.ts';
import { subject } from '../../facts/workloads/subject.ts';
import type { Subject } from '../../facts/workloads/subjects.ts';
import { serviceNames, servicesOf } from '../services-of.ts';
import { workloadOf } from '../workload-of.ts';
import {
  ageSeconds,
  conditionEvidence,
  conditionOf,
  gatesMetSeconds,
  unmetGates,
  unreadyContainers,
} from './ready-condition.ts';

/** Controllers follow within seconds; what differs for longer stays different. */
const settledSeconds = 60;

/** Why a pod is rightly not ready though its containers are: its node was lost, or is back only just, or a gate was met only just; null where it is not. */
const excuseOf = (pod: Subject, read: () => NodeCondition, reading: Reading<NodeCondition>): string | null => {
  if (!reading.ok && reading.gap.kind === 'absent') return `its node ${pod.node ?? ''} is not in the cluster any more`;
  const { ready, nowMs } = read();
  if (ready.status !== 'True')
    return `its node is not Ready (${ready.reason || ready.status}), and that the pod is not is right`;
  const age = ageSeconds(nowMs, ready.sinceMs);
  if (age !== null && age <= settledSeconds) return `its node has been Ready for only ${age} s; its kubelet follows`;
  const gatesAge = gatesMetSeconds(pod);
  return gatesAge !== null && gatesAge <= settledSeconds
    ? `its readiness gates have been met for only ${gatesAge} s; its kubelet follows`
    : null;
};

/** Incident I4.2: what the containers say, what the pod says, and what the controllers made of it. */
export const workloadMismatch = check({
  id: 'readiness/workload-mismatch',
  title: 'Containers, pod, workload and EndpointSlices agree on what is ready',
  severity: 'warning',
  per: 'pod',
  docs: {
    why:
      'kubectl shows ready containers (1/1), a Service goes by the Ready condition, a Deployment counts Ready pods. Where these differ for more than a minute somebody does not do its part: ' +
      'the kubelet (readiness/stale), or the controllers that count pods and write EndpointSlices. minReadySeconds delays what counts as available, not as ready, and a status of an older ' +
      'generation is not compared.',
    links: ['https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions'],
  },
  needs: { subject, fronts, endpoints, controllers, nodeCondition },
  wants: { controllers, nodeCondition },
  judge: (facts, maybe) => {
    const pod = facts.subject;
    if (pod.phase !== 'Running') return notApplicable(`the pod is ${pod.phase || 'in no phase yet'}`);
    if (pod.deletion !== null) return notApplicable('the pod is being deleted');
    const ready = conditionOf(pod, 'Ready');
    const age = ageSeconds(pod.nowMs, ready?.sinceMs ?? null);
    if (!ready || age === null) return notApplicable('the kubelet has not said yet whether it is ready');
    if (age <= settledSeconds) return notApplicable(`Ready changed ${age} s ago; the controllers follow`);
    // of a Service that was just made there may be no slices yet
    const services = servicesOf(pod, facts.fronts).filter(
      (s) => (ageSeconds(pod.nowMs, s.createdAtMs) ?? settledSeconds + 1) > settledSeconds,
    );
    const mine = facts.endpoints.filter((e) => e.podUid === pod.uid && !e.terminating);
    const isReady = ready.status === 'True';
    const containersSayReady = unreadyContainers(pod).length === 0 && unmetGates(pod).length === 0;
    const excuse =
      isReady || !containersSayReady ? null : excuseOf(pod, () => facts.nodeCondition, maybe.nodeCondition);
    const workload = workloadOf(pod, maybe.controllers);
    const stands =
      workload !== null && workload.observedGeneration >= workload.generation
        ? [
            {
              source: `${workload.kind} ${workload.namespace}/${workload.name}`,
              text: `${workload.ready} of ${workload.replicas} ready, ${workload.available} available${workload.minReadySeconds > 0 ? ` (minReadySeconds ${workload.minReadySeconds})` : ''}`,
            },
          ]
        : [];
    const ofEndpoints = (names: readonly string[]): readonly Evidence[] =>
      facts.endpoints
        .filter((e) => names.includes(e.service))
        .slice(0, 5)
        .map((e) => ({
          source: `EndpointSlice of ${e.service}`,
          text: `${e.pod}: ready ${e.ready}, serving ${e.serving}, terminating ${e.terminating}`,
        }));
    const problems: Problem[] = [];
    if (!isReady && containersSayReady && excuse === null) {
      const empty = services.filter(
        (s) =>
          !s.publishNotReadyAddresses &&
          !facts.endpoints.some((e) => e.service === `${s.namespace}/${s.name}` && e.ready),
      );
      const counted =
        stands.length > 0 && workload !== null
          ? ` ${workload.kind} ${workload.name} counts ${workload.ready} of ${workload.replicas} ready.`
          : '';
      problems.push({
        id: empty.length > 0 ? 'service-empty' : 'containers-ready',
        severity: 'warning',
        message: `All containers are ready and the pod is not, for ${age} s.${counted}${empty.length > 0 ? ` ${empty.length === 1 ? 'Service' : 'Services'} ${serviceNames(empty)} ${empty.length === 1 ? 'has' : 'have'} no ready endpoint because of it.` : ''} See readiness/stale for the cause.`,
        data: {
          readySeconds: age,
          services: services.map((s) => `${s.namespace}/${s.name}`),
          empty: empty.map((s) => `${s.namespace}/${s.name}`),
          workload:
            workload === null
              ? null
              : { kind: workload.kind, name: workload.name, ready: workload.ready, replicas: workload.replicas },
        },
        evidence: [
          conditionEvidence(ready),
          ...stands,
          ...ofEndpoints(services.map((s) => `${s.namespace}/${s.name}`)),
        ],
      });
    }
    for (const s of services) {
      const name = `${s.namespace}/${s.name}`;
      const own = mine.filter((e) => e.service === name);
      const says = own.some((e) => e.ready);
      if (says === isReady || (says && s.publishNotReadyAddresses)) continue;
      // of a pod that is not ready an endpoint that is not ready is right
      problems.push({
        id: isReady ? 'endpoint-missing' : 'endpoint-ready',
        severity: 'warning',
        message: `The pod is Ready=${ready.status} for ${age} s, and ${own.length === 0 ? `Service ${name} has no endpoint for it` : `its endpoint in Service ${name} is ready=${says}`}: whoever writes EndpointSlices (kube-controller-manager) does not follow.`,
        data: { service: name, ready: isReady, endpointReady: own.length === 0 ? null : says, readySeconds: age },
        evidence: [
          conditionEvidence(ready),
          ...(own.length === 0
            ? [{ source: `EndpointSlices of ${name}`, text: `no endpoint of pod ${pod.name}` }]
            : ofEndpoints([name])),
        ],
      });
    }
    if (
      workload !== null &&
      stands[0] !== undefined &&
      isReady &&
      workload.kind !== 'DaemonSet' &&
      workload.ready === 0
    )
      problems.push({
        id: 'workload-count',
        severity: 'warning',
        message: `The pod is Ready for ${age} s, and ${workload.kind} ${workload.name} counts no ready pod at all: its controller (kube-controller-manager) does not follow.`,
        data: { workload: workload.name, kind: workload.kind, ready: workload.ready, replicas: workload.replicas },
        evidence: [conditionEvidence(ready), stands[0]],
      });
    const [first, ...more] = problems;
    if (first) return fail(first, ...more);
    if (excuse !== null) return notApplicable(excuse);
    // what is wrong is told without them; that the workload agrees is not
    const counting = pod.owner === null ? null : workloadOf(pod, known(facts.controllers));
    return pass(
      `Ready=${ready.status}, as its containers${pod.readinessGates.length > 0 ? ', its readiness gates' : ''}${services.length > 0 ? ` and the endpoints of ${serviceNames(services)}` : ''}${counting === null ? '' : ` and ${counting.kind} ${counting.name}`} have it`,
    );
  },
});
