import { apply, kubectl } from './cluster.ts';

/** The lab calls a node lost 16 s after its last heartbeat, a cluster of the user's own after 40 s or more. */
const renewEveryMs = 2000;

/** Node objects that no kubelet stands behind, which the API and its controllers take for nodes that are Ready. */
export interface GhostNodes {
  /** Writes since when a node is Ready. */
  readonly readySince: (name: string, since: Date) => Promise<void>;
  /** Ends the heartbeats of a node, as if its machine were off. */
  readonly lose: (name: string) => void;
  /** Takes them up again, Ready since a time. */
  readonly comeBack: (name: string, since: Date) => Promise<void>;
  /** Ends the heartbeats and deletes the nodes. */
  readonly remove: () => Promise<void>;
}

const lease = (name: string): object => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, namespace: 'kube-node-lease' },
  spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: new Date().toISOString().replace('Z', '000Z') },
});

const setReady = async (name: string, since: Date): Promise<void> => {
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
    lastHeartbeatTime: new Date().toISOString(),
    lastTransitionTime: since.toISOString(),
  };
  const status = {
    conditions: [condition],
    // nobody has this address
    addresses: [{ type: 'InternalIP', address: '10.123.0.250' }],
    nodeInfo: { operatingSystem: 'linux', architecture: 'amd64', kubeletVersion: 'v1.17.0' },
  };
  await kubectl(['patch', 'node', name, '--subresource=status', '--type=strategic', '-p', JSON.stringify({ status })]);
};

/** Makes such nodes, Ready for ten minutes, and renews their Leases as their kubelets would. Pods get there by spec.nodeName only. */
export const ghostNodes = async (...names: readonly string[]): Promise<GhostNodes> => {
  let alive = true;
  let beating = names;
  const nodes = names.map((name) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: { unschedulable: true },
  }));
  await apply(...nodes, ...names.map(lease));
  for (const name of names) await setReady(name, new Date(Date.now() - 600_000));
  const beat = async (): Promise<void> => {
    while (alive) {
      await new Promise((r) => setTimeout(r, renewEveryMs));
      // a beat that fails is made up for by the next; a node that stays without shows in the tests
      if (alive) await apply(...beating.map(lease)).catch(() => undefined);
    }
  };
  const beats = beat();
  return {
    readySince: setReady,
    lose: (name) => {
      beating = beating.filter((n) => n !== name);
    },
    comeBack: async (name, since) => {
      beating = [...beating, name];
      await apply(lease(name));
      await setReady(name, since);
    },
    remove: async () => {
      alive = false;
      await beats;
      await kubectl(['delete', 'node', ...names, '--ignore-not-found']);
      await kubectl(['delete', 'lease', '-n', 'kube-node-lease', ...names, '--ignore-not-found']);
    },
  };
};
