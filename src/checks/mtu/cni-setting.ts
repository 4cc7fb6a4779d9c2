/** Where the CNI that made a tunnel is told its MTU. */
export const cniSetting = (tunnel: string | null, mtu: number): string => {
  if (tunnel?.startsWith('flannel'))
    return `flannel: it takes the MTU of its interface at its start and writes FLANNEL_MTU to /run/flannel/subnet.env; "MTU": ${mtu} in its net-conf.json, or an \`mtu\` in /etc/cni/net.d that is in its way, decides`;
  if (tunnel && /cali|^tunl0$/.test(tunnel))
    return `Calico: mtu: ${mtu} in the operator's Installation (spec.calicoNetwork), or veth_mtu in the ConfigMap calico-config`;
  return `"mtu": ${mtu} in the plugin of the first file of /etc/cni/net.d`;
};
