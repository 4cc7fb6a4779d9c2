import type { Controller } from '../facts/workloads/controllers.ts';
import { at, listAt, numberAt, textAt } from '../lib/json.ts';

/** A Deployment, ReplicaSet, StatefulSet or DaemonSet, of the API or of a manifest; counts that are not there are 0. */
export const controllerOf = (item: unknown, kind: Controller['kind']): Controller => {
  const owner = listAt(item, 'metadata', 'ownerReferences').find((o) => at(o, 'controller') === true);
  const status = (name: string): number => numberAt(item, 'status', name) ?? 0;
  const daemon = kind === 'DaemonSet';
  return {
    kind,
    namespace: textAt(item, 'metadata', 'namespace'),
    name: textAt(item, 'metadata', 'name'),
    uid: textAt(item, 'metadata', 'uid'),
    owner: owner === undefined ? null : { kind: textAt(owner, 'kind'), name: textAt(owner, 'name') },
    replicas: daemon ? status('desiredNumberScheduled') : numberAt(item, 'spec', 'replicas'),
    ready: status(daemon ? 'numberReady' : 'readyReplicas'),
    available: status(daemon ? 'numberAvailable' : 'availableReplicas'),
    containers: ['containers', 'initContainers'].flatMap((list) =>
      listAt(item, 'spec', 'template', 'spec', list).map((c) => textAt(c, 'name')),
    ),
    minReadySeconds: numberAt(item, 'spec', 'minReadySeconds') ?? 0,
    generation: numberAt(item, 'metadata', 'generation') ?? 0,
    observedGeneration: status('observedGeneration'),
  };
};
