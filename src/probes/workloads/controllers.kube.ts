import { known, type Reading } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type KubeRead, kube, type Raw } from '../../core/read.ts';
import { type Controller, controllers } from '../../facts/workloads/controllers.ts';
import { listAt } from '../../lib/json.ts';
import { controllerOf } from '../../parsers/controller.ts';
import { kubeJson } from '../kube-json.ts';

const read = (resource: string): KubeRead =>
  kube(
    `/apis/apps/v1/{scope}${resource}`,
    [
      'metadata.namespace',
      'metadata.name',
      'metadata.uid',
      'metadata.generation',
      'metadata.creationTimestamp',
      'metadata.ownerReferences',
      'spec.replicas',
      'spec.minReadySeconds',
      'spec.template.spec.containers[].name',
      'spec.template.spec.initContainers[].name',
      'spec.template.spec.nodeSelector',
      'spec.template.spec.tolerations',
      'spec.template.spec.affinity.nodeAffinity',
      'status.observedGeneration',
      'status.readyReplicas',
      'status.availableReplicas',
      'status.desiredNumberScheduled',
      'status.currentNumberScheduled',
      'status.numberReady',
      'status.numberAvailable',
    ].map((path) => `items[].${path}`),
  );

const parseOne = (raw: Raw, kind: Controller['kind']): Reading<readonly Controller[]> => {
  const json = kubeJson(raw);
  return json.ok ? known(listAt(json.value.body, 'items').map((item) => controllerOf(item, kind))) : json;
};

/** All four kinds: without one of them an owner could not be told from none. */
export const controllersKube = probe({
  yields: controllers,
  via: 'kube',
  reads: {
    Deployment: read('deployments'),
    ReplicaSet: read('replicasets'),
    StatefulSet: read('statefulsets'),
    DaemonSet: read('daemonsets'),
  },
  parse: (raws) => {
    const all: Controller[] = [];
    for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'] as const) {
      const found = parseOne(raws[kind], kind);
      if (!found.ok) return found;
      all.push(...found.value);
    }
    return known(all);
  },
});
