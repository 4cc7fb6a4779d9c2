import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { known } from '../../core/gap.ts';
import { fronts } from '../../facts/services/fronts.ts';
import { controllers } from '../../facts/workloads/controllers.ts';
import { subject } from '../../facts/workloads/subject.ts';
import { serviceNames, servicesOf } from '../services-of.ts';
import { patchOf, workloadOf } from '../workload-of.ts';

/** Incident I4: one pod behind the Service, so a stale condition of that one was an outage. */
export const singleReplica = check({
  id: 'readiness/single-replica',
  title: 'A workload behind a Service has more than one replica',
  severity: 'info',
  per: 'pod',
  fromText: true,
  docs: {
    why: 'With one replica every drain, restart of a node and wrong readiness is an outage of the Service. Two on different nodes bear it. Programs that may run only once at a time are the exception.',
    links: ['https://kubernetes.io/docs/concepts/workloads/pods/disruptions/'],
  },
  needs: { subject, controllers, fronts },
  wants: {},
  judge: (facts) => {
    const pod = facts.subject;
    const all = known(facts.controllers);
    const workload = workloadOf(pod, all);
    if (workload === null || workload.kind === 'DaemonSet')
      return notApplicable('it belongs to no workload whose replicas one chooses');
    const services = servicesOf(pod, facts.fronts);
    if (services.length === 0) return notApplicable('no Service leads to it');
    if (workload.replicas === null)
      return notApplicable('its manifest leaves the replicas open (one by default, or what an autoscaler sets)');
    if (workload.replicas !== 1) return pass(`${workload.kind} ${workload.name} wants ${workload.replicas} replicas`);
    const patch = patchOf(pod, all, {}, { replicas: 2 });
    return fail({
      id: 'one',
      severity: 'info',
      message: `${workload.kind} ${workload.name} behind ${services.length === 1 ? 'Service' : 'Services'} ${serviceNames(services)} has one replica: whatever takes this pod away takes the Service away.`,
      data: {
        kind: workload.kind,
        name: workload.name,
        replicas: 1,
        services: services.map((s) => `${s.namespace}/${s.name}`),
      },
      evidence: [{ source: `${workload.kind} ${workload.name}, spec.replicas`, text: '1', path: ['^', 'replicas'] }],
      fix: {
        say: `Run two or more, if the program may run more than once at a time (an autoscaler goes by its own minReplicas).${patch.note}`,
        now: workload.kind === 'Deployment' ? patch.now : [],
        ...(workload.kind === 'Deployment' ? { patch: patch.patch } : {}),
        risk: 'none',
        covers: 'Replicas on one node: topologySpreadConstraints or anti-affinity spread them.',
      },
    });
  },
});
