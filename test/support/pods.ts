import type { NodeCondition } from '../../src/facts/node/condition.ts';
import type { Endpoint } from '../../src/facts/services/endpoints.ts';
import type { Front } from '../../src/facts/services/fronts.ts';
import type { Controller } from '../../src/facts/workloads/controllers.ts';
import type { Process } from '../../src/facts/workloads/processes.ts';
import type { ContainerStatus, PodCondition, PodContainer, Subject } from '../../src/facts/workloads/subjects.ts';
import { containerKey } from '../../src/lib/container-key.ts';

/** The server's clock in tests. */
export const nowMs = Date.UTC(2026, 10, 23, 20, 0, 0);

/** So many seconds before that. */
export const ago = (seconds: number): number => nowMs - seconds * 1000;

/** A container id of 64 digits, another for each name of up to eight letters. */
export const idOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(64, '0');

/** The digest of the image that containers run unless told otherwise. */
export const digest = 'd'.repeat(64);

/** What the kubelet says of a container that runs and is ready. */
export const statusOf = (name: string, more: Partial<ContainerStatus> = {}): ContainerStatus => ({
  id: idOf(name),
  ready: true,
  started: true,
  running: true,
  runningSinceMs: ago(3600),
  restarts: 0,
  lastTerminated: null,
  stopSignal: null,
  imageId: `docker.io/library/x@sha256:${digest}`,
  ...more,
});

/** A main container that runs, with no hook and no probe. */
export const containerOf = (more: Partial<PodContainer> = {}): PodContainer => {
  const name = more.name ?? 'app';
  return {
    name,
    kind: 'main',
    path: ['containers', 0],
    ports: [],
    preStop: null,
    stopSignal: null,
    readiness: null,
    liveness: null,
    startup: null,
    status: statusOf(name),
    ...more,
  };
};

/** A condition that has been so for an hour. */
export const conditionOf = (type: string, status: string, more: Partial<PodCondition> = {}): PodCondition => ({
  type,
  status,
  reason: '',
  message: '',
  sinceMs: ago(3600),
  writer: null,
  ...more,
});

/** Pod shop/web-1 of ReplicaSet web-7 on node n1: it runs, and is ready. */
export const podOf = (more: Partial<Subject> = {}): Subject => ({
  namespace: 'shop',
  name: 'web-1',
  uid: 'u1',
  labels: { app: 'web' },
  owner: { kind: 'ReplicaSet', name: 'web-7', uid: 'rs' },
  mirror: false,
  node: 'n1',
  phase: 'Running',
  createdAtMs: ago(7200),
  deletion: null,
  hostNetwork: false,
  hostPid: false,
  shareProcessNamespace: false,
  runtimeClass: null,
  os: '',
  restartPolicy: 'Always',
  graceSeconds: 30,
  readinessGates: [],
  tolerations: [],
  conditions: [conditionOf('Ready', 'True'), conditionOf('ContainersReady', 'True')],
  containers: [containerOf()],
  nowMs,
  ...more,
});

/** A mask with these signals. */
export const maskOf = (...signals: readonly number[]): bigint =>
  signals.reduce((mask, n) => mask | (1n << BigInt(n - 1)), 0n);

/** A process that is PID 1 of its container, with no handler for anything; `pid` is its own, that of the node is 1000 more. */
export const processOf = (ownPid: number, words: string, more: Partial<Process> = {}): Process => {
  const [argv0 = ''] = words.split(' ');
  return {
    pid: 1000 + ownPid,
    parent: ownPid === 1 ? 900 : 1001,
    ownPid,
    depth: 2,
    name: argv0,
    state: 'S',
    ignored: 0n,
    caught: 0n,
    blocked: 0n,
    waitsForSignals: false,
    program: argv0,
    words: words.split(' '),
    forwards: null,
    ageSeconds: 3600 - ownPid,
    ...more,
  };
};

/** The processes of containers, by the names of these. */
export const processesOf = (
  byContainer: Readonly<Record<string, readonly Process[]>>,
): ReadonlyMap<string, readonly Process[]> =>
  new Map(Object.entries(byContainer).map(([name, all]) => [containerKey(idOf(name)), all]));

/** Service shop/web, which leads to port 8080 of pods with app=web. */
export const frontOf = (more: Partial<Front> = {}): Front => ({
  namespace: 'shop',
  name: 'web',
  createdAtMs: ago(86_400),
  type: 'ClusterIP',
  selector: { app: 'web' },
  targetPorts: [8080],
  publishNotReadyAddresses: false,
  ingresses: [],
  ...more,
});

/** Pod shop/web-1 behind Service shop/web, ready. */
export const endpointOf = (more: Partial<Endpoint> = {}): Endpoint => ({
  service: 'shop/web',
  pod: 'web-1',
  podUid: 'u1',
  ready: true,
  serving: true,
  terminating: false,
  ...more,
});

/** Deployment shop/web of two pods, all of them ready. */
export const deploymentOf = (more: Partial<Controller> = {}): Controller => ({
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  uid: 'dep',
  owner: null,
  replicas: 2,
  containers: [],
  ready: 2,
  available: 2,
  minReadySeconds: 0,
  generation: 1,
  observedGeneration: 1,
  ...more,
});

/** ReplicaSet shop/web-7 of that Deployment. */
export const replicaSetOf = (more: Partial<Controller> = {}): Controller =>
  deploymentOf({
    kind: 'ReplicaSet',
    name: 'web-7',
    uid: 'rs',
    owner: { kind: 'Deployment', name: 'web' },
    ...more,
  });

/** Both of them. */
export const webControllers: readonly Controller[] = [deploymentOf(), replicaSetOf()];

/** Node n1, Ready for an hour. */
export const nodeConditionOf = (
  ready: Partial<NodeCondition['ready']> = {},
  more: Partial<NodeCondition> = {},
): NodeCondition => ({
  name: 'n1',
  ready: { status: 'True', reason: 'KubeletReady', message: '', sinceMs: ago(3600), ...ready },
  kubeletVersion: 'v1.34.4',
  runtime: 'containerd://2.1.4',
  nowMs,
  ...more,
});
