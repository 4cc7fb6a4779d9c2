import type { HandshakeGroup } from './handshake-groups.ts';

const self = ({ first: h }: HandshakeGroup): boolean => h.client.ip === h.virtual.ip;

/** Why they hang, as far as the tables tell. */
export const handshakeCause = (g: HandshakeGroup): string => {
  const { masqueraded } = g;
  const { client, virtual, backend } = g.first;
  if (masqueraded === false && self(g))
    return `The source is the VIP itself, as the kernel picks it (kube-ipvs0 holds it), and nothing masqueraded it: ${backend.ip} answers to ${virtual.ip}, which from there is not this node, and the SYN-ACK never comes back. The masquerade for the node's own connections is missing (ipset KUBE-CLUSTER-IP, KUBE-MARK-MASQ, KUBE-POSTROUTING).`;
  if (masqueraded === false)
    return `The source ${client.ip} was not masqueraded; if ${backend.ip} has no way back to it, its SYN-ACK is lost.`;
  if (masqueraded === true)
    return `The source is masqueraded, so ${backend.ip}:${backend.port} itself, or the way to it, does not answer.`;
  return `${self(g) ? 'The source is the VIP itself, as the kernel picks it: without the masquerade (ipset KUBE-CLUSTER-IP, KUBE-POSTROUTING) the backend answers to itself. Either that is missing, or' : 'Either its SYN-ACK goes astray, or'} ${backend.ip}:${backend.port} does not answer; conntrack, which would tell, could not be read.`;
};
