import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type SystemContainer, type SystemPod, systemPods } from '../../facts/node/system-pods.ts';
import { at, listAt, numberAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { podsKube } from '../workloads/pods.kube.ts';

const timeAt = (data: unknown, ...path: readonly (string | number)[]): number | null => {
  const ms = Date.parse(textAt(data, ...path));
  return Number.isNaN(ms) ? null : ms;
};

const containerOf = (status: unknown, init: boolean): SystemContainer => {
  const reason = textAt(status, 'state', 'waiting', 'reason');
  const exitCode = numberAt(status, 'lastState', 'terminated', 'exitCode');
  return {
    name: textAt(status, 'name'),
    init,
    ready: at(status, 'ready') === true,
    runningSinceMs: timeAt(status, 'state', 'running', 'startedAt'),
    waiting: reason === '' ? null : { reason, message: textAt(status, 'state', 'waiting', 'message').slice(0, 200) },
    restarts: numberAt(status, 'restartCount') ?? 0,
    lastTerminated:
      exitCode === null
        ? null
        : {
            exitCode,
            reason: textAt(status, 'lastState', 'terminated', 'reason'),
            finishedAtMs: timeAt(status, 'lastState', 'terminated', 'finishedAt'),
          },
  };
};

const labelKeys = ['k8s-app', 'app.kubernetes.io/name', 'app', 'component', 'name'];

const podOf = (item: unknown): SystemPod => {
  const uid = textAt(item, 'metadata', 'ownerReferences', 0, 'uid');
  return {
    namespace: textAt(item, 'metadata', 'namespace'),
    name: textAt(item, 'metadata', 'name'),
    labels: labelKeys.map((key) => textAt(item, 'metadata', 'labels', key)).filter((l) => l !== ''),
    owner: uid === '' ? null : { kind: textAt(item, 'metadata', 'ownerReferences', 0, 'kind'), uid },
    mirror: textAt(item, 'metadata', 'annotations', 'kubernetes.io/config.mirror') !== '',
    phase: textAt(item, 'status', 'phase'),
    leaving: textAt(item, 'metadata', 'deletionTimestamp') !== '',
    createdAtMs: timeAt(item, 'metadata', 'creationTimestamp'),
    containers: [
      ...listAt(item, 'status', 'initContainerStatuses').map((s) => containerOf(s, true)),
      ...listAt(item, 'status', 'containerStatuses').map((s) => containerOf(s, false)),
    ],
  };
};

/** The same answer of the API as for their addresses. */
export const systemPodsKube = probe({
  yields: systemPods,
  via: 'kube',
  reads: { pods: podsKube.reads.pods },
  parse: ({ pods }) => {
    const json = kubeJson(pods);
    if (!json.ok) return json;
    return known({ nowMs: json.value.serverMs, pods: listAt(json.value.body, 'items').map(podOf) });
  },
});
