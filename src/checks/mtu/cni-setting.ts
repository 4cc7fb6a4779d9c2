/** Where the CNI that made a tunnel is told its MTU, or where pods get it. */
export const cniSetting = (tunnel: string | null, mtu: number): string => {
  if (tunnel?.startsWith('flannel'))
    return `flannel: it takes the MTU of its interface when it starts, subtracts what it puts around packets, and writes FLANNEL_MTU to /run/flannel/subnet.env; another "mtu" in /etc/cni/net.d goes before that`;
  if (tunnel && /cali|^tunl0$/.test(tunnel))
    return `Calico: mtu: ${mtu} in the operator's Installation (spec.calicoNetwork), or veth_mtu in the ConfigMap calico-config`;
  return `"mtu": ${mtu} in the plugin of the first file of /etc/cni/net.d`;
};
