import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { fronts } from '../../facts/services/fronts.ts';
import { controllers } from '../../facts/workloads/controllers.ts';
import { subject } from '../../facts/workloads/subject.ts';
import { servedContainers, serviceNames, servicesOf } from '../services-of.ts';
import { inTemplate, patchOf } from '../workload-of.ts';

/** Without a readiness probe a container is ready as soon as it runs, and traffic comes before the program listens. */
export const noProbe = check({
  id: 'readiness/no-probe',
  title: 'Containers behind a Service have a readiness probe',
  severity: 'info',
  per: 'pod',
  fromText: true,
  docs: {
    why: 'Without a readiness probe the kubelet calls a container ready as soon as its process runs. At each start the Service sends traffic before the program listens, and a program that hangs keeps its traffic.',
    links: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe'],
  },
  needs: { subject, fronts },
  wants: { controllers },
  judge: (facts, maybe) => {
    const pod = facts.subject;
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return notApplicable(`the pod has ended (${pod.phase})`);
    const services = servicesOf(pod, facts.fronts);
    if (services.length === 0) return notApplicable('no Service leads to it');
    const served = servedContainers(pod, services).filter((c) => inTemplate(pod, maybe.controllers, c));
    const lacking = served.filter((c) => c.readiness === null);
    if (lacking.length === 0) return pass(`${served.map((c) => c.name).join(', ')}: readiness probe`);
    const names = lacking.map((c) => c.name).join(', ');
    const targets = new Set(services.flatMap((s) => s.targetPorts));
    const probed = lacking.flatMap((c) => {
      const port = c.ports.find((p) => p.protocol === 'TCP' && (targets.has(p.port) || targets.has(p.name)));
      return port && c.kind === 'main' ? [{ name: c.name, readinessProbe: { tcpSocket: { port: port.port } } }] : [];
    });
    const patch = probed.length > 0 ? patchOf(pod, maybe.controllers, { containers: probed }) : null;
    const [first, ...more] = lacking.map((c) => ({
      source: `spec.${c.path[0]}[${c.path[1]}].readinessProbe`,
      text: '(none)',
      path: [...c.path, 'readinessProbe'],
    }));
    if (!first) return pass('readiness probe');
    return fail({
      id: 'none',
      severity: 'info',
      message: `${lacking.length === 1 ? `Container ${names}` : `Containers ${names}`} behind ${services.length === 1 ? 'Service' : 'Services'} ${serviceNames(services)} ${lacking.length === 1 ? 'has' : 'have'} no readiness probe: it counts as ready as soon as its process runs.`,
      data: { containers: lacking.map((c) => c.name), services: services.map((s) => `${s.namespace}/${s.name}`) },
      evidence: [first, ...more],
      fix: {
        say: `Add a readiness probe that asks the program itself whether it can serve; a look whether its port is open is the least.${patch?.note ?? ''}`,
        ...(patch === null ? {} : { now: patch.now, patch: patch.patch }),
        risk: patch?.risk ?? 'none',
      },
    });
  },
});
