import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { clusterVersion } from '../../facts/cluster/version.ts';
import { fronts } from '../../facts/services/fronts.ts';
import { controllers } from '../../facts/workloads/controllers.ts';
import { subject } from '../../facts/workloads/subject.ts';
import type { PodContainer } from '../../facts/workloads/subjects.ts';
import { servedContainers, serviceNames, servicesOf } from '../services-of.ts';
import { inTemplate, patchOf } from '../workload-of.ts';
import { hookTime } from './hook-time.ts';
import { sleepHook, sleepHookNote } from './sleep-hook.ts';
import { outsideOf, trafficSeconds } from './traffic.ts';

/** The hook is there, and waits long enough as far as its text tells. */
const waits = (c: PodContainer, seconds: number): boolean => {
  const time = c.preStop === null ? null : hookTime(c.preStop);
  return time?.seconds != null && time.seconds >= seconds;
};

/** The hook may wait: how long its text does not say. */
const mayWait = (c: PodContainer): boolean => {
  const time = c.preStop === null ? null : hookTime(c.preStop);
  return time !== null && (time.seconds === null || time.atLeast);
};

/** Facts K.1: the stop signal and the removal from EndpointSlices, kube-proxies and balancers start at the same moment, and the signal is faster. */
export const prestopMissing = check({
  id: 'shutdown/prestop-missing',
  title: 'A pod behind a Service waits until traffic is led away before it stops',
  severity: 'info',
  per: 'pod',
  docs: {
    why:
      'When a pod is deleted, the kubelet stops it while EndpointSlices, kube-proxies, ingress controllers and load balancers only begin to learn of it. ' +
      'A program that closes its port on the stop signal refuses the connections that still come: a burst of errors at each rollout. A preStop hook that waits some seconds ' +
      'closes the gap. How many seconds are lost depends on the cluster; programs that go on accepting for a while after the signal need no hook, ' +
      'which netdoctor cannot see, so this is a note.',
    links: [
      'https://kubernetes.io/docs/tutorials/services/pods-and-endpoint-termination-flow/',
      'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
    ],
  },
  needs: { subject, fronts },
  wants: { clusterVersion, controllers },
  judge: (facts, maybe) => {
    const pod = facts.subject;
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return notApplicable(`the pod has ended (${pod.phase})`);
    const services = servicesOf(pod, facts.fronts);
    const [front] = services;
    if (!front) return notApplicable('no Service leads to it');
    const seconds = trafficSeconds(services);
    // a proxy that was injected is in no manifest
    const served = servedContainers(pod, services).filter((c) => inTemplate(pod, maybe.controllers, c));
    if (served.length === 0)
      return notApplicable('the container that the Service leads to is not in the pod template: it was injected');
    const lacking = served.filter((c) => !waits(c, seconds) && !mayWait(c));
    const untold = served.filter((c) => !waits(c, seconds) && mayWait(c));
    if (lacking.length === 0 && untold.length > 0)
      return notApplicable(
        `${untold.map((c) => c.name).join(', ')}: how long the preStop hook waits its text does not say`,
      );
    if (lacking.length === 0)
      return pass(`${served.map((c) => c.name).join(', ')}: preStop hook before the stop signal`);
    const before = outsideOf(services);
    const names = lacking.map((c) => c.name).join(', ');
    const short = lacking.every((c) => c.preStop !== null);
    // the hook's time counts against the grace: the program keeps what it had, and as long as the hook at the least
    const grace = seconds * 2 > pod.graceSeconds ? Math.max(pod.graceSeconds + seconds, seconds * 2) : null;
    const list = (kind: PodContainer['kind']) =>
      lacking
        .filter((c) => c.kind === kind)
        .map((c) => ({
          name: c.name,
          lifecycle: sleepHook(seconds, maybe.clusterVersion, c.preStop?.kind === 'exec'),
        }));
    const patch = patchOf(pod, maybe.controllers, {
      ...(grace === null ? {} : { terminationGracePeriodSeconds: grace }),
      ...(list('main').length > 0 ? { containers: list('main') } : {}),
      ...(list('sidecar').length > 0 ? { initContainers: list('sidecar') } : {}),
    });
    return fail({
      id: short ? 'short' : 'missing',
      severity: 'info',
      message: `${lacking.length === 1 ? `Container ${names}` : `Containers ${names}`} behind ${services.length === 1 ? 'Service' : 'Services'} ${serviceNames(services)} ${short ? `${lacking.length === 1 ? 'waits' : 'wait'} less than ${seconds} s` : `${lacking.length === 1 ? 'has' : 'have'} no preStop hook`}: unless the program itself goes on serving after the signal, connections that come in the seconds until everybody knows of the deletion are refused${before.length > 0 ? ` (longest by ${before.join(', ')})` : ''}.`,
      data: {
        containers: lacking.map((c) => c.name),
        services: services.map((s) => `${s.namespace}/${s.name}`),
        outside: before,
        adviseSeconds: seconds,
      },
      evidence: [
        {
          source: `Service ${front.namespace}/${front.name}`,
          text: `${front.type}, selector ${Object.entries(front.selector)
            .map(([k, v]) => `${k}=${v}`)
            .join(',')}`,
        },
        ...lacking.map((c) => ({
          source: `spec.${c.path[0]}[${c.path[1]}].lifecycle.preStop`,
          text: c.preStop === null ? '(none)' : hookTime(c.preStop).what,
          path: [...c.path, 'lifecycle', 'preStop'],
        })),
      ],
      fix: {
        say: `Wait ${seconds} s before the stop signal.${sleepHookNote(maybe.clusterVersion)}${patch.note}`,
        now: patch.now,
        patch: patch.patch,
        risk: patch.risk,
        covers: 'Connections that are open already: the program has to finish or close them after the signal.',
      },
    });
  },
});
