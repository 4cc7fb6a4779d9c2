import type {
  ContainerProbe,
  ContainerStatus,
  Hook,
  PodCondition,
  PodContainer,
  Subject,
  Terminated,
  Toleration,
  Writer,
} from '../facts/workloads/subjects.ts';
import { at, listAt, numberAt, textAt } from '../lib/json.ts';

const timeAt = (data: unknown, ...path: readonly (string | number)[]): number | null => {
  const ms = Date.parse(textAt(data, ...path));
  return Number.isNaN(ms) ? null : ms;
};

const isSet = (value: unknown): boolean => typeof value === 'object' && value !== null;

const textsAt = (data: unknown, ...path: readonly (string | number)[]): Readonly<Record<string, string>> => {
  const found = at(data, ...path);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return {};
  return Object.fromEntries(Object.entries(found).filter((e): e is [string, string] => typeof e[1] === 'string'));
};

const hookOf = (container: unknown): Hook | null => {
  const preStop = at(container, 'lifecycle', 'preStop');
  const seconds = numberAt(preStop, 'sleep', 'seconds');
  if (seconds !== null) return { kind: 'sleep', seconds };
  if (isSet(at(preStop, 'exec')))
    return {
      kind: 'exec',
      command: listAt(preStop, 'exec', 'command').filter((w): w is string => typeof w === 'string'),
    };
  if (isSet(at(preStop, 'httpGet'))) return { kind: 'http' };
  return isSet(at(preStop, 'tcpSocket')) ? { kind: 'tcp' } : null;
};

const probeOf = (container: unknown, name: string): ContainerProbe | null =>
  isSet(at(container, name)) ? { graceSeconds: numberAt(container, name, 'terminationGracePeriodSeconds') } : null;

const terminatedOf = (status: unknown): Terminated | null => {
  const last = at(status, 'lastState', 'terminated');
  const exitCode = numberAt(last, 'exitCode');
  if (exitCode === null) return null;
  return {
    exitCode,
    reason: textAt(last, 'reason'),
    startedAtMs: timeAt(last, 'startedAt'),
    finishedAtMs: timeAt(last, 'finishedAt'),
  };
};

const statusOf = (status: unknown): ContainerStatus => ({
  id: textAt(status, 'containerID').replace(/^[^:]*:\/\//, ''),
  ready: at(status, 'ready') === true,
  started: at(status, 'started') === true,
  running: isSet(at(status, 'state', 'running')),
  runningSinceMs: timeAt(status, 'state', 'running', 'startedAt'),
  restarts: numberAt(status, 'restartCount') ?? 0,
  lastTerminated: terminatedOf(status),
  stopSignal: textAt(status, 'stopSignal') || null,
  imageId: textAt(status, 'imageID'),
});

const containersOf = (pod: unknown, list: 'containers' | 'initContainers'): readonly PodContainer[] => {
  const statuses = listAt(pod, 'status', list === 'containers' ? 'containerStatuses' : 'initContainerStatuses');
  return listAt(pod, 'spec', list).flatMap((c, i): PodContainer[] => {
    const name = textAt(c, 'name');
    if (list === 'initContainers' && textAt(c, 'restartPolicy') !== 'Always') return [];
    const status = statuses.find((s) => textAt(s, 'name') === name);
    return [
      {
        name,
        kind: list === 'containers' ? 'main' : 'sidecar',
        path: [list, i],
        ports: listAt(c, 'ports').flatMap((p) => {
          const port = numberAt(p, 'containerPort');
          return port === null ? [] : [{ port, name: textAt(p, 'name'), protocol: textAt(p, 'protocol') || 'TCP' }];
        }),
        preStop: hookOf(c),
        stopSignal: textAt(c, 'lifecycle', 'stopSignal') || null,
        readiness: probeOf(c, 'readinessProbe'),
        liveness: probeOf(c, 'livenessProbe'),
        startup: probeOf(c, 'startupProbe'),
        status: status === undefined ? null : statusOf(status),
      },
    ];
  });
};

/** Who wrote a condition's status: managedFields name each condition as `k:{"type":"Ready"}`, and one manager owns a field. */
const writerOf = (pod: unknown, type: string): Writer | null => {
  const key = `k:${JSON.stringify({ type })}`;
  const owner = listAt(pod, 'metadata', 'managedFields').find((m) =>
    isSet(at(m, 'fieldsV1', 'f:status', 'f:conditions', key, 'f:status')),
  );
  return owner === undefined ? null : { manager: textAt(owner, 'manager'), atMs: timeAt(owner, 'time') };
};

const conditionsOf = (pod: unknown): readonly PodCondition[] =>
  listAt(pod, 'status', 'conditions').map((c) => ({
    type: textAt(c, 'type'),
    status: textAt(c, 'status'),
    reason: textAt(c, 'reason'),
    message: textAt(c, 'message'),
    sinceMs: timeAt(c, 'lastTransitionTime'),
    writer: writerOf(pod, textAt(c, 'type')),
  }));

const tolerationOf = (t: unknown): Toleration => ({
  key: textAt(t, 'key'),
  operator: textAt(t, 'operator') || 'Equal',
  effect: textAt(t, 'effect'),
  seconds: numberAt(t, 'tolerationSeconds'),
});

const ownerOf = (pod: unknown): Subject['owner'] => {
  const owner = listAt(pod, 'metadata', 'ownerReferences').find((o) => at(o, 'controller') === true);
  return owner === undefined
    ? null
    : { kind: textAt(owner, 'kind'), name: textAt(owner, 'name'), uid: textAt(owner, 'uid') };
};

/** deletionTimestamp is when the grace is over; when it was asked for is the grace before that (Kubernetes API, ObjectMeta). */
const deletionOf = (pod: unknown): Subject['deletion'] => {
  const over = timeAt(pod, 'metadata', 'deletionTimestamp');
  if (over === null) return null;
  const graceSeconds = numberAt(pod, 'metadata', 'deletionGracePeriodSeconds') ?? 0;
  return { atMs: Math.max(0, over - graceSeconds * 1000), graceSeconds };
};

/** Kubernetes' default for terminationGracePeriodSeconds. */
const defaultGraceSeconds = 30;

/** A Pod, or a pod template (with its `metadata` and `spec`), of the API or of a manifest. Total: what is not there has Kubernetes' default. */
export const podOf = (pod: unknown, nowMs: number | null): Subject => ({
  namespace: textAt(pod, 'metadata', 'namespace'),
  name: textAt(pod, 'metadata', 'name'),
  uid: textAt(pod, 'metadata', 'uid'),
  labels: textsAt(pod, 'metadata', 'labels'),
  owner: ownerOf(pod),
  mirror: textAt(pod, 'metadata', 'annotations', 'kubernetes.io/config.mirror') !== '',
  node: textAt(pod, 'spec', 'nodeName') || null,
  phase: textAt(pod, 'status', 'phase'),
  createdAtMs: timeAt(pod, 'metadata', 'creationTimestamp'),
  deletion: deletionOf(pod),
  hostNetwork: at(pod, 'spec', 'hostNetwork') === true,
  hostPid: at(pod, 'spec', 'hostPID') === true,
  shareProcessNamespace: at(pod, 'spec', 'shareProcessNamespace') === true,
  runtimeClass: textAt(pod, 'spec', 'runtimeClassName') || null,
  os: textAt(pod, 'spec', 'os', 'name'),
  restartPolicy: textAt(pod, 'spec', 'restartPolicy') || 'Always',
  graceSeconds: numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? defaultGraceSeconds,
  readinessGates: listAt(pod, 'spec', 'readinessGates').map((g) => textAt(g, 'conditionType')),
  tolerations: listAt(pod, 'spec', 'tolerations').map(tolerationOf),
  conditions: conditionsOf(pod),
  containers: [...containersOf(pod, 'containers'), ...containersOf(pod, 'initContainers')],
  nowMs,
});
