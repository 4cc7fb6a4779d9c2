import type { Front } from '../facts/services/fronts.ts';
import type { PodContainer, Subject } from '../facts/workloads/subjects.ts';

/** The Services whose selector fits the pod's labels. */
export const servicesOf = (pod: Subject, fronts: readonly Front[]): readonly Front[] =>
  fronts.filter(
    (f) => f.namespace === pod.namespace && Object.entries(f.selector).every(([k, v]) => pod.labels[k] === v),
  );

/** The containers that these Services lead to: those that declare a target port, else all main containers (declaring ports is optional). */
export const servedContainers = (pod: Subject, services: readonly Front[]): readonly PodContainer[] => {
  const targets = new Set(services.flatMap((s) => s.targetPorts));
  const declared = pod.containers.filter((c) => c.ports.some((p) => targets.has(p.port) || targets.has(p.name)));
  return declared.length > 0 ? declared : pod.containers.filter((c) => c.kind === 'main');
};

/** "shop/web, shop/api" */
export const serviceNames = (services: readonly Front[]): string =>
  services.map((s) => `${s.namespace}/${s.name}`).join(', ');
