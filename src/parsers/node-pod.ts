import type { ContainerPort, Pod } from '../facts/workloads/pods.ts';
import { at, listAt, numberAt, textAt } from '../lib/json.ts';
import { ip } from './ip.ts';
import { parsePortList } from './port-list.ts';
import { parsePortSpan } from './port-span.ts';

const portsOf = (container: unknown): ContainerPort[] =>
  listAt(container, 'ports').flatMap((p) => {
    const port = numberAt(p, 'containerPort');
    return port === null
      ? []
      : [{ port, hostPort: numberAt(p, 'hostPort') ?? 0, protocol: textAt(p, 'protocol') || 'TCP' }];
  });

/** A Pod of the API as a node has it; nothing of its environment. Total. */
export const nodePod = (item: unknown): Pod => {
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
