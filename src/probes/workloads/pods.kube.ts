import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { listAt } from '../../lib/json.ts';
import { nodePod } from '../../parsers/node-pod.ts';
import { kubeJson } from '../kube-json.ts';

/** Pods by spec.nodeName; nothing of their environment is kept. */
export const podsKube = probe({
  yields: pods,
  via: 'kube',
  reads: {
    pods: kube('/api/v1/pods?fieldSelector=spec.nodeName%3D{node}', [
      'items[].metadata.namespace',
      'items[].metadata.name',
      'items[].metadata.uid',
      'items[].metadata.annotations."kubernetes.io/config.mirror"',
      'items[].metadata.creationTimestamp',
      'items[].metadata.deletionTimestamp',
      'items[].metadata.labels."k8s-app"',
      'items[].metadata.labels."app.kubernetes.io/name"',
      'items[].metadata.labels.app',
      'items[].metadata.labels.component',
      'items[].metadata.labels.name',
      'items[].metadata.ownerReferences[].uid',
      'items[].metadata.ownerReferences[].kind',
      'items[].spec.hostNetwork',
      'items[].spec.priority',
      'items[].spec.terminationGracePeriodSeconds',
      'items[].spec.securityContext.sysctls',
      'items[].spec.containers[].ports',
      'items[].spec.initContainers[].ports',
      'items[].status.phase',
      'items[].status.podIPs',
      'items[].status.containerStatuses[].name',
      'items[].status.containerStatuses[].ready',
      'items[].status.containerStatuses[].state.waiting',
      'items[].status.containerStatuses[].lastState.terminated.exitCode',
      'items[].status.containerStatuses[].lastState.terminated.reason',
      'items[].status.containerStatuses[].lastState.terminated.finishedAt',
      'items[].status.containerStatuses[].containerID',
      'items[].status.containerStatuses[].restartCount',
      'items[].status.containerStatuses[].state.running.startedAt',
      'items[].status.initContainerStatuses[].containerID',
      'items[].status.initContainerStatuses[].name',
      'items[].status.initContainerStatuses[].ready',
      'items[].status.initContainerStatuses[].restartCount',
      'items[].status.initContainerStatuses[].state.running.startedAt',
      'items[].status.initContainerStatuses[].state.waiting',
      'items[].status.initContainerStatuses[].lastState.terminated.exitCode',
      'items[].status.initContainerStatuses[].lastState.terminated.reason',
      'items[].status.initContainerStatuses[].lastState.terminated.finishedAt',
    ]),
  },
  parse: ({ pods: raw }) => {
    const json = kubeJson(raw);
    return json.ok ? known(listAt(json.value.body, 'items').map(nodePod)) : json;
  },
});
