import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { type ContainerPort, type Pod, pods } from '../../facts/workloads/pods.ts';
import { at, listAt, numberAt, textAt } from '../../lib/json.ts';
import { ip } from '../../parsers/ip.ts';
import { parsePortList } from '../../parsers/port-list.ts';
import { parsePortSpan } from '../../parsers/port-span.ts';
import { kubeJson } from '../kube-json.ts';

const portsOf = (container: unknown): ContainerPort[] =>
  listAt(container, 'ports').flatMap((p) => {
    const port = numberAt(p, 'containerPort');
    return port === null
      ? []
      : [{ port, hostPort: numberAt(p, 'hostPort') ?? 0, protocol: textAt(p, 'protocol') || 'TCP' }];
  });

const podOf = (item: unknown): Pod => {
  const containers = [...listAt(item, 'spec', 'containers'), ...listAt(item, 'spec', 'initContainers')];
  const statuses = [...listAt(item, 'status', 'containerStatuses'), ...listAt(item, 'status', 'initContainerStatuses')];
  const started = listAt(item, 'status', 'containerStatuses')
    .map((s) => Date.parse(textAt(s, 'state', 'running', 'startedAt')))
    .filter((t) => !Number.isNaN(t));
  // of a static pod the API has a mirror, owned by the Node; the kubelet knows it by the uid in this annotation
  const mirrored = textAt(item, 'metadata', 'annotations', 'kubernetes.io/config.mirror');
  const uid = mirrored || textAt(item, 'metadata', 'uid');
  const sysctls: Readonly<Record<string, string>> = Object.fromEntries(
    listAt(item, 'spec', 'securityContext', 'sysctls').map((s) => [textAt(s, 'name'), textAt(s, 'value')]),
  );
  return {
    namespace: textAt(item, 'metadata', 'namespace'),
    name: textAt(item, 'metadata', 'name'),
    uid,
    workload: mirrored || textAt(item, 'metadata', 'ownerReferences', 0, 'uid') || uid,
    hostNetwork: at(item, 'spec', 'hostNetwork') === true,
    ips: listAt(item, 'status', 'podIPs').flatMap((p) => ip(textAt(p, 'ip')) ?? []),
    ports: containers.flatMap(portsOf),
    containerIds: statuses.map((s) => textAt(s, 'containerID').replace(/^[^:]*:\/\//, '')).filter((id) => id !== ''),
    startedAtMs: started.length === 0 ? null : Math.max(...started),
    restarts: listAt(item, 'status', 'containerStatuses').reduce<number>(
      (n, s) => n + (numberAt(s, 'restartCount') ?? 0),
      0,
    ),
    sysctls,
    portRange: parsePortSpan(sysctls['net.ipv4.ip_local_port_range'] ?? ''),
    reservedPorts: parsePortList(sysctls['net.ipv4.ip_local_reserved_ports'] ?? '') ?? [],
  };
};

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
    return json.ok ? known(listAt(json.value.body, 'items').map(podOf)) : json;
  },
});
