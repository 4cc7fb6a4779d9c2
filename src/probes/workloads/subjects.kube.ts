import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { subjects } from '../../facts/workloads/subjects.ts';
import { listAt } from '../../lib/json.ts';
import { podOf } from '../../parsers/pod.ts';
import { kubeJson } from '../kube-json.ts';

const inSpec = [
  'nodeName',
  'hostNetwork',
  'hostPID',
  'shareProcessNamespace',
  'runtimeClassName',
  'os.name',
  'restartPolicy',
  'terminationGracePeriodSeconds',
  'readinessGates',
  'tolerations',
  ...['containers', 'initContainers'].flatMap((list) =>
    [
      'name',
      'restartPolicy',
      'ports',
      'lifecycle.stopSignal',
      // a hook's own headers and arguments stay out, but for what an exec hook runs
      'lifecycle.preStop.exec',
      'lifecycle.preStop.sleep',
      'lifecycle.preStop.httpGet.port',
      'lifecycle.preStop.tcpSocket.port',
      ...['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap((p) => [
        `${p}.periodSeconds`,
        `${p}.terminationGracePeriodSeconds`,
      ]),
    ].map((field) => `${list}[].${field}`),
  ),
];

const inStatus = [
  'phase',
  'conditions',
  ...['containerStatuses', 'initContainerStatuses'].flatMap((list) =>
    [
      'name',
      'containerID',
      'imageID',
      'ready',
      'started',
      'restartCount',
      'stopSignal',
      'state.running',
      'state.terminated.exitCode',
      'lastState.terminated.exitCode',
      'lastState.terminated.reason',
      'lastState.terminated.startedAt',
      'lastState.terminated.finishedAt',
    ].map((field) => `${list}[].${field}`),
  ),
];

const inMetadata = [
  'namespace',
  'name',
  'uid',
  'labels',
  'annotations."kubernetes.io/config.mirror"',
  'ownerReferences',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields[].manager',
  'managedFields[].time',
  'managedFields[].fieldsV1."f:status"."f:conditions"',
];

/**
 * The pods that were chosen. The run itself asks for them, by name, labels or owner, and hands the answer to this read; nothing of their
 * environment, their commands or their arguments is kept.
 */
export const subjectsKube = probe({
  yields: subjects,
  via: 'kube',
  reads: {
    pods: kube('/api/v1/{scope}pods', [
      ...inMetadata.map((f) => `items[].metadata.${f}`),
      ...inSpec.map((f) => `items[].spec.${f}`),
      ...inStatus.map((f) => `items[].status.${f}`),
    ]),
  },
  parse: ({ pods }) => {
    const json = kubeJson(pods);
    if (!json.ok) return json;
    const { body, serverMs } = json.value;
    return known(listAt(body, 'items').map((item) => podOf(item, serverMs)));
  },
});
