/** What a pod does for the node's network. */
export interface NetworkAgent {
  /** What people call it. */
  readonly title: string;
  readonly role: 'cni' | 'proxy' | 'dns';
}

/** Values of their labels, and names of their DaemonSets, as the projects' own manifests have them. */
const agents: readonly (readonly [title: string, role: NetworkAgent['role'], names: readonly string[]])[] = [
  ['kube-proxy', 'proxy', ['kube-proxy']],
  ['NodeLocal DNSCache', 'dns', ['node-local-dns', 'nodelocaldns']],
  ['the cluster DNS', 'dns', ['coredns', 'kube-dns', 'dns-default']],
  ['Calico', 'cni', ['calico-node']],
  ['Canal', 'cni', ['canal', 'rke2-canal']],
  ['Cilium', 'cni', ['cilium', 'cilium-agent', 'anetd']],
  ['Flannel', 'cni', ['flannel', 'kube-flannel', 'kube-flannel-ds']],
  ['Weave Net', 'cni', ['weave-net']],
  ['Antrea', 'cni', ['antrea-agent']],
  ['OVN-Kubernetes', 'cni', ['ovnkube-node']],
  ['Kube-OVN', 'cni', ['kube-ovn-cni', 'ovs-ovn']],
  ['the AWS VPC CNI', 'cni', ['aws-node']],
  ['the Azure CNI', 'cni', ['azure-cni', 'azure-cns']],
  ['kindnet', 'cni', ['kindnet', 'kindnetd']],
  ['Multus', 'cni', ['multus', 'kube-multus', 'kube-multus-ds']],
  ['kube-router', 'cni', ['kube-router']],
];

/** Where such pods are; a pod of that name elsewhere is somebody's own. */
const namespaces =
  /^(kube-system|kube-flannel|calico-system|cilium|weave|kube-ovn|ovn-kubernetes|openshift-(sdn|multus|dns|ovn-kubernetes|kube-proxy))$/;

/**
 * Which network agent a pod is, by its namespace and the values of its labels; null for all others. A static pod may have no such label:
 * then the beginning of its name counts. A DaemonSet's name stands in for a label.
 */
export const networkAgentOf = (pod: {
  readonly namespace: string;
  readonly name: string;
  readonly labels: readonly string[];
}): NetworkAgent | null => {
  if (!namespaces.test(pod.namespace)) return null;
  const is = (name: string): boolean =>
    pod.labels.length > 0 ? pod.labels.includes(name) : pod.name.startsWith(`${name}-`);
  const found = agents.find(([, , names]) => names.some(is));
  return found ? { title: found[0], role: found[1] } : null;
};
