import { describe, expect, it } from 'vitest';
import { networkAgentOf } from '../../../src/checks/node/network-agent-of.ts';
import { networkAgents } from '../../../src/checks/node/network-agents.ts';
import { type NodeCondition, nodeCondition } from '../../../src/facts/node/condition.ts';
import { type NetworkCondition, networkCondition } from '../../../src/facts/node/network-condition.ts';
import { type SystemContainer, type SystemPod, systemPods } from '../../../src/facts/node/system-pods.ts';
import { type DaemonSet, daemonSets } from '../../../src/facts/workloads/daemon-sets.ts';
import { type Case, gap, given, testCheck } from '../../support/check-tester.ts';

const now = 1_795_809_000_000;
const ago = (seconds: number): number => now - seconds * 1000;

const container = (more: Partial<SystemContainer> = {}): SystemContainer => ({
  name: 'agent',
  init: false,
  ready: true,
  runningSinceMs: ago(5000),
  waiting: null,
  restarts: 0,
  lastTerminated: null,
  ...more,
});
const pod = (c: Partial<SystemContainer> = {}, more: Partial<SystemPod> = {}): SystemPod => ({
  namespace: 'kube-system',
  name: 'calico-node-abcde',
  labels: ['calico-node'],
  owner: { kind: 'DaemonSet', uid: 'ds-1' },
  mirror: false,
  phase: 'Running',
  leaving: false,
  createdAtMs: ago(5000),
  containers: [container(c)],
  ...more,
});
const waits = (reason: string, message = ''): Partial<SystemContainer> => ({
  ready: false,
  runningSinceMs: null,
  waiting: { reason, message },
});
const ended = (seconds: number, exitCode = 1, reason = 'Error'): SystemContainer['lastTerminated'] => ({
  exitCode,
  reason,
  finishedAtMs: ago(seconds),
});

const condition = (status: 'True' | 'False' | 'Unknown', message = ''): NodeCondition => ({
  name: 'n1',
  ready: { status, reason: status === 'True' ? 'KubeletReady' : 'KubeletNotReady', message, sinceMs: ago(60) },
  kubeletVersion: 'v1.34.4',
  runtime: 'containerd://2.1.4',
  nowMs: now,
});
const network = (more: Partial<NetworkCondition> = {}): NetworkCondition => ({
  unavailable: null,
  createdAtMs: ago(100_000),
  nowMs: now,
  ...more,
});
const unavailable = (status: string): NetworkCondition['unavailable'] => ({
  status,
  reason: 'NoRouteCreated',
  message: 'RouteController failed to create a route',
  sinceMs: ago(60),
});
const noCni =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
const set = (more: Partial<DaemonSet> = {}): DaemonSet => ({
  namespace: 'kube-system',
  name: 'calico-node',
  uid: 'ds-1',
  createdAtMs: ago(100_000),
  everyNode: true,
  desired: 3,
  scheduled: 2,
  ...more,
});

interface Node {
  readonly pods?: readonly SystemPod[];
  readonly condition?: NodeCondition;
  readonly network?: NetworkCondition;
  readonly sets?: readonly DaemonSet[];
}
const on = (name: string, n: Node, expect: Case['expect']): Case => ({
  name,
  facts: [
    given(systemPods, { nowMs: now, pods: n.pods ?? [pod()] }),
    given(nodeCondition, n.condition ?? condition('True')),
    given(networkCondition, n.network ?? network()),
    given(daemonSets, n.sets ?? [set()]),
  ],
  expect,
});
const pass = { status: 'pass' } as const;
const error = (messageId: string): Case['expect'] => ({ status: 'fail', severity: 'error', messageId });
const warning = (messageId: string): Case['expect'] => ({ status: 'fail', severity: 'warning', messageId });

testCheck(networkAgents, [
  on('all is well', {}, { status: 'pass', message: /are well: Calico$/ }),
  on('kubelet is silent', { condition: condition('Unknown') }, { status: 'unknown', message: /stopped telling how/ }),
  on(
    'kubelet is silent, and the last that was heard is a fault',
    { condition: condition('Unknown'), pods: [pod(waits('ImagePullBackOff'))] },
    error('does-not-run'),
  ),
  on('no agent is a pod', { pods: [], sets: [] }, { status: 'pass', message: /no agent of it is a pod here/ }),
  on(
    'crashes',
    { pods: [pod({ ...waits('CrashLoopBackOff', 'back-off 5m0s'), restarts: 7, lastTerminated: ended(30) })] },
    {
      status: 'fail',
      severity: 'error',
      messageId: 'does-not-run',
      message:
        /^kube-system\/calico-node-abcde \(Calico\): container agent is in CrashLoopBackOff \(7 restarts, last time exit code 1, Error\)\. The network/,
      now: [
        'kubectl logs -n kube-system calico-node-abcde -c agent --tail=50 --previous',
        'kubectl delete pod -n kube-system calico-node-abcde',
      ],
    },
  ),
  on(
    'its image cannot be pulled',
    { pods: [pod(waits('ImagePullBackOff', 'Back-off pulling image "x"'))] },
    {
      status: 'fail',
      severity: 'error',
      message: /ImagePullBackOff \(0 restarts\): Back-off pulling image "x"\. /,
      now: [
        'kubectl describe pod -n kube-system calico-node-abcde',
        'kubectl delete pod -n kube-system calico-node-abcde',
      ],
    },
  ),
  on(
    'a static pod is not deleted',
    { pods: [pod(waits('CreateContainerError'), { name: 'kube-proxy-n1', labels: [], mirror: true })], sets: [] },
    {
      status: 'fail',
      severity: 'error',
      data: { agent: 'kube-proxy', role: 'proxy' },
      now: ['kubectl describe pod -n kube-system kube-proxy-n1'],
    },
  ),
  on(
    'an init container crashes',
    { pods: [pod({ ...waits('CrashLoopBackOff'), init: true, name: 'install-cni' })] },
    error('does-not-run'),
  ),
  on(
    'an init container that does not end',
    { pods: [pod({ init: true, ready: false, runningSinceMs: ago(301) })] },
    error('does-not-start'),
  ),
  on('an init container that runs', { pods: [pod({ init: true, ready: false, runningSinceMs: ago(300) })] }, pass),
  on('a sidecar that runs', { pods: [pod({ init: true, runningSinceMs: ago(5000) })] }, pass),
  on(
    'waits for its volumes',
    { pods: [pod(waits('ContainerCreating'), { phase: 'Pending', createdAtMs: ago(301) })] },
    error('does-not-start'),
  ),
  on(
    'is being started',
    { pods: [pod(waits('ContainerCreating'), { phase: 'Pending', createdAtMs: ago(300) })] },
    pass,
  ),
  on('waits for its init containers', { pods: [pod(waits('PodInitializing'), { phase: 'Pending' })] }, pass),
  on(
    'restarts again and again',
    { pods: [pod({ restarts: 2, lastTerminated: ended(599), runningSinceMs: ago(598) })] },
    warning('restarts'),
  ),
  on('restarted once', { pods: [pod({ restarts: 1, lastTerminated: ended(10) })] }, pass),
  on('restarted long ago', { pods: [pod({ restarts: 9, lastTerminated: ended(600) })] }, pass),
  on('ended well', { pods: [pod({ restarts: 9, lastTerminated: ended(10, 0, 'Completed') })] }, pass),
  on('the node was started again', { pods: [pod({ restarts: 4, lastTerminated: ended(60, 255, 'Unknown') })] }, pass),
  on('is not ready', { pods: [pod({ ready: false, runningSinceMs: ago(121) })] }, warning('not-ready')),
  on('is not ready yet', { pods: [pod({ ready: false, runningSinceMs: ago(120) })] }, pass),
  on(
    'the gravest of a pod is told',
    { pods: [pod({}, { containers: [container({ ready: false }), container(waits('RunContainerError'))] })] },
    error('does-not-run'),
  ),
  on(
    'pods that have ended or leave',
    {
      pods: [
        pod({}, { owner: { kind: 'DaemonSet', uid: 'ds-1' } }),
        pod(waits('CrashLoopBackOff'), { phase: 'Failed' }),
        pod(waits('CrashLoopBackOff'), { leaving: true }),
        pod(waits('Error'), { phase: 'Succeeded' }),
      ],
    },
    pass,
  ),
  on(
    'a pod of that name in a namespace of its own',
    { pods: [pod(), pod(waits('CrashLoopBackOff'), { namespace: 'shop' })] },
    pass,
  ),
  on(
    'another pod of kube-system',
    { pods: [pod(), pod(waits('CrashLoopBackOff'), { name: 'metrics-server-x', labels: ['metrics-server'] })] },
    pass,
  ),
  on('CNI not initialised', { condition: condition('False', noCni) }, error('cni-not-ready')),
  on(
    'the same in the first two minutes of a node',
    { condition: condition('False', noCni), network: network({ createdAtMs: ago(119) }) },
    {
      status: 'fail',
      severity: 'info',
      messageId: 'cni-not-ready',
      message: /joined 119 s ago/,
    },
  ),
  on(
    'old words for it',
    {
      condition: condition(
        'False',
        'runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:docker: network plugin is not ready: cni config uninitialized',
      ),
    },
    error('cni-not-ready'),
  ),
  on('not ready for another reason', { condition: condition('False', 'PLEG is not healthy') }, pass),
  on(
    'no routes',
    { network: network({ unavailable: unavailable('True') }) },
    { ...error('network-unavailable'), message: /NetworkUnavailable for 60 s\): RouteController failed/ },
  ),
  on(
    'no routes, and nobody says why',
    {
      network: network({ createdAtMs: null, unavailable: { status: 'True', reason: '', message: '', sinceMs: null } }),
    },
    { ...error('network-unavailable'), message: /no reason given/ },
  ),
  on('routes are there', { network: network({ unavailable: unavailable('False') }) }, pass),
  on(
    'a DaemonSet for every node has no pod here',
    { pods: [] },
    { ...error('missing'), message: /No pod of DaemonSet kube-system\/calico-node \(Calico\)/ },
  ),
  on('the node has just joined', { pods: [], network: network({ createdAtMs: ago(120) }) }, pass),
  on('the DaemonSet was just made', { pods: [], sets: [set({ createdAtMs: ago(120) })] }, pass),
  on('a DaemonSet of some nodes', { pods: [], sets: [set({ everyNode: false })] }, pass),
  on('its pod is on its way', { pods: [], sets: [set({ scheduled: 3 })] }, pass),
  on('its status says nothing', { pods: [], sets: [set({ scheduled: null, desired: null })] }, pass),
  on('a DaemonSet of something else', { pods: [], sets: [set({ name: 'node-exporter' })] }, pass),
  on('its pod leaves', { pods: [pod({}, { leaving: true })] }, pass),
  ...[pod(waits('CrashLoopBackOff')), pod()].map(
    (p, i): Case => ({
      name: `without the right to list DaemonSets, ${i === 0 ? 'a pod that crashes' : 'all well'}`,
      facts: [
        given(systemPods, { nowMs: now, pods: [p] }),
        given(nodeCondition, condition('True')),
        given(networkCondition, network()),
        gap(daemonSets, 'forbidden'),
      ],
      expect: i === 0 ? error('does-not-run') : { status: 'unknown' },
    }),
  ),
  { name: 'without the API', facts: [gap(systemPods, 'not-chosen')], expect: { status: 'skipped' } },
  { name: 'not allowed to list pods', facts: [gap(systemPods, 'forbidden')], expect: { status: 'unknown' } },
]);

describe('network agents by name', () => {
  const of = (name: string, label = '', namespace = 'kube-system') =>
    networkAgentOf({ namespace, name, labels: label === '' ? [] : [label] })?.title ?? null;
  it.each([
    ['kube-proxy-gke-pool-1', '', 'kube-proxy'],
    ['coredns-7fccd979c8-kmdhj', 'kube-dns', 'the cluster DNS'],
    ['node-local-dns-x', 'node-local-dns', 'NodeLocal DNSCache'],
    ['cilium-x7k2p', 'cilium', 'Cilium'],
    ['cilium-operator-6f9f', 'cilium-operator', null],
    ['kube-proxy-n1', '', 'kube-proxy'],
    ['cilium-envoy-abcde', 'cilium-envoy', null],
    ['anetd-abcde', 'cilium', 'Cilium'],
    ['kube-flannel-ds-1', 'flannel', 'Flannel'],
    ['calico-kube-controllers-1', 'calico-kube-controllers', null],
    ['aws-node-1', 'aws-node', 'the AWS VPC CNI'],
    ['azure-cns-1', 'azure-cns', 'the Azure CNI'],
    ['kindnet-1', 'kindnet', 'kindnet'],
    ['kube-multus-ds-1', 'multus', 'Multus'],
    ['weave-net-1', 'weave-net', 'Weave Net'],
    ['antrea-agent-1', 'antrea-agent', 'Antrea'],
    ['canal-1', 'canal', 'Canal'],
    ['kube-router-1', 'kube-router', 'kube-router'],
    ['kube-ovn-cni-1', 'kube-ovn-cni', 'Kube-OVN'],
    ['coredns-autoscaler-1', 'coredns-autoscaler', null],
    ['kube-dns-autoscaler-1', 'kube-dns-autoscaler', null],
    ['ovnkube-node-abcde', 'ovnkube-node', 'OVN-Kubernetes'],
    ['ovnkube-control-plane-1', 'ovnkube-control-plane', null],
  ])('%s (%s): %s', (name, label, want) => expect(of(name, label)).toBe(want));
});
