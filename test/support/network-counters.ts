import type { CounterChanges } from '../../src/facts/network/counter-changes.ts';
import type { Counters } from '../../src/facts/network/counters.ts';
import type { Space } from '../../src/facts/network/spaces.ts';
import type { ListenQueue, Queues } from '../../src/facts/sockets/queues.ts';
import type { Pod } from '../../src/facts/workloads/pods.ts';

/** The node's own namespace, and that of a pod. */
export const spacesOfNode: readonly Space[] = [
  { id: '1', host: true, pid: 1, process: 'systemd', podUid: null, containerId: null },
  { id: '2', host: false, pid: 200, process: 'pause', podUid: 'u1', containerId: 'c1' },
];

/** The pod of the second one. */
export const podOfNode: Pod = {
  namespace: 'shop',
  name: 'web-0',
  uid: 'u1',
  workload: 'u1',
  hostNetwork: false,
  ips: [],
  ports: [],
  containerIds: ['c1', 'c2'],
  startedAtMs: null,
  restarts: 0,
  sysctls: {},
  portRange: null,
  reservedPorts: [],
};

const names = [
  'Udp.RcvbufErrors',
  'Udp.SndbufErrors',
  'TcpExt.ListenOverflows',
  'TcpExt.ListenDrops',
  'TcpExt.TCPBacklogDrop',
  'sockstat.TCP.mem',
];

/** Counters of the host and of the pod. */
export const countersOfNode = (
  host: Readonly<Record<string, number>>,
  pod: Readonly<Record<string, number>> = {},
): Counters => ({
  names: new Set([...names, ...Object.keys(host), ...Object.keys(pod)]),
  spaces: [
    { space: '1', values: host },
    { space: '2', values: pod },
  ],
});

/** The same as what they counted in two seconds. */
export const changesOfNode = (
  host: Readonly<Record<string, number>>,
  pod: Readonly<Record<string, number>> = {},
): CounterChanges => ({ ...countersOfNode(host, pod), seconds: 2 });

/** No queue ever overflowed. */
export const noQueues: Queues = { listeners: [], datagrams: [], unread: [], settings: [], cut: new Set() };

/** A listening socket of the pod, its queue full. */
export const listenQueue = (more: Partial<ListenQueue> = {}): ListenQueue => ({
  space: '2',
  ip: '0.0.0.0',
  port: 8080,
  waiting: 10,
  waitingBefore: 10,
  backlog: 9,
  halfOpen: 0,
  owner: { pid: 201, process: 'httpd', containerId: 'c2', podUid: 'u1', unit: null },
  ...more,
});
