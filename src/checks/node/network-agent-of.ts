/** What a pod does for the node's network. */
export interface NetworkAgent {
  /** What people call it. */
  readonly title: string;
  readonly role: 'cni' | 'proxy' | 'dns';
}

/** Names of pods and values of their labels, as the projects' own manifests have them. */
const agents: readonly (readonly [name: RegExp, title: string, role: NetworkAgent['role']])[] = [
  [/^kube-proxy(-|$)/, 'kube-proxy', 'proxy'],
  [/^(node-local-dns|nodelocaldns)(-|$)/, 'NodeLocal DNSCache', 'dns'],
  [/^(coredns|kube-dns|rke2-coredns-rke2-coredns|dns-default)(-|$)/, 'the cluster DNS', 'dns'],
  [/^calico-node(-|$)/, 'Calico', 'cni'],
  [/^(canal|rke2-canal)(-|$)/, 'Canal', 'cni'],
  [/^(cilium|anetd)(-[a-z0-9]{5}|-agent)?$/, 'Cilium', 'cni'],
  [/^(kube-)?flannel(-ds)?(-|$)/, 'Flannel', 'cni'],
  [/^weave-net(-|$)/, 'Weave Net', 'cni'],
  [/^antrea-agent(-|$)/, 'Antrea', 'cni'],
  [/^ovnkube(-node)?(-[a-z0-9]{5}|$)/, 'OVN-Kubernetes', 'cni'],
  [/^(kube-ovn-cni|ovs-ovn)(-|$)/, 'Kube-OVN', 'cni'],
  [/^aws-node(-|$)/, 'the AWS VPC CNI', 'cni'],
  [/^azure-(cni|cns)(-|$)/, 'the Azure CNI', 'cni'],
  [/^kindnet(d)?(-|$)/, 'kindnet', 'cni'],
  [/^kube-multus(-ds)?(-|$)|^multus(-|$)/, 'Multus', 'cni'],
  [/^kube-router(-|$)/, 'kube-router', 'cni'],
];

/** Where such pods are; a pod of that name elsewhere is somebody's own. */
const namespaces =
  /^(kube-system|kube-flannel|calico-system|cilium|weave|kube-ovn|ovn-kubernetes|openshift-(sdn|multus|dns|ovn-kubernetes|kube-proxy))$/;

/** Which network agent a pod is, by its namespace, its name and the values of its labels; null for all others. */
export const networkAgentOf = (pod: {
  readonly namespace: string;
  readonly name: string;
  readonly labels: readonly string[];
}): NetworkAgent | null => {
  if (!namespaces.test(pod.namespace)) return null;
  const found =
    agents.find(([name]) => pod.labels.some((l) => name.test(l))) ?? agents.find(([name]) => name.test(pod.name));
  return found ? { title: found[1], role: found[2] } : null;
};
