import type { Fact } from '../../core/fact.ts';
import type { Lookup } from '../../core/facts-table.ts';
import { known, missing, type Reading } from '../../core/gap.ts';
import { type Front, fronts } from '../../facts/services/fronts.ts';
import { type Controller, controllers } from '../../facts/workloads/controllers.ts';
import { subject } from '../../facts/workloads/subject.ts';
import type { Subject } from '../../facts/workloads/subjects.ts';
import { controllerOf } from '../../parsers/controller.ts';
import { frontOf } from '../../parsers/front.ts';
import { ingressesBy } from '../../parsers/ingresses-by.ts';
import type { ManifestObject } from './manifest-object.ts';

const controllerKinds: readonly Controller['kind'][] = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'];

const controllersOf = (objects: readonly ManifestObject[]): readonly Controller[] =>
  objects.flatMap(({ group, kind: text, namespace, value }) => {
    const kind = group === 'apps' ? controllerKinds.find((k) => k === text) : undefined;
    return kind === undefined ? [] : [{ ...controllerOf(value, kind), namespace }];
  });

const frontsOf = (objects: readonly ManifestObject[], namespace: string): readonly Front[] => {
  const ingresses = objects.filter((o) => o.kind === 'Ingress' && o.group === 'networking.k8s.io');
  const by = ingressesBy(
    ingresses.map((o) => o.value),
    () => namespace,
  );
  return objects.flatMap(({ group, kind, name, value }) => {
    const front = group === '' && kind === 'Service' ? frontOf(value) : null;
    return front === null ? [] : [{ ...front, namespace, ingresses: by.get(`${namespace}/${name}`) ?? [] }];
  });
};

const unread = missing('not-chosen', 'lint reads manifests alone');

/** What all the objects together say of one pod's surroundings: the workloads and Services of its namespace. Nothing else is known. */
export const lookupOf = (objects: readonly ManifestObject[]): ((pod: Subject) => Lookup) => {
  const facts = new Map<string, ReadonlyMap<string, Reading<unknown>>>();
  for (const [namespace, of] of Map.groupBy(objects, (o) => o.namespace)) {
    const all = [
      [controllers.id, known(controllersOf(of))],
      [fronts.id, known(frontsOf(of, namespace))],
    ] as const;
    facts.set(namespace, new Map<string, Reading<unknown>>(all));
  }
  return (pod) =>
    <T>(fact: Fact<T>): Reading<T> =>
      (fact.id === subject.id ? known(pod) : (facts.get(pod.namespace)?.get(fact.id) ?? unread)) as Reading<T>;
};
