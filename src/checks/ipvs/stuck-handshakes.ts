import { check, fail, notApplicable, type Problem, pass, type Remedy } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import { handshakes } from '../../facts/ipvs/handshakes.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { type Agent, agents } from '../../facts/node/agents.ts';
import { type ClusterIp, clusterIps } from '../../facts/services/cluster-ips.ts';
import { type HandshakeGroup, handshakeGroups } from './handshake-groups.ts';

const apiserver = 'default/kubernetes';
const serviceOf = ({ first }: HandshakeGroup, ips: Reading<readonly ClusterIp[]>): string | null =>
  (ips.ok ? ips.value.find((s) => s.ips.includes(first.virtual.ip))?.service : undefined) ?? null;

const self = ({ first: h }: HandshakeGroup): boolean => h.client.ip === h.virtual.ip;

const cause = (g: HandshakeGroup): string => {
  const { client, virtual, backend, masqueraded } = g.first;
  if (masqueraded === false && self(g))
    return `The source is the VIP itself, as the kernel picks it (kube-ipvs0 holds it), and nothing masqueraded it: ${backend.ip} answers to ${virtual.ip}, which is local there too, and the SYN-ACK never comes back. The masquerade for the node's own connections is missing (ipset KUBE-CLUSTER-IP, KUBE-MARK-MASQ, KUBE-POSTROUTING).`;
  if (masqueraded === false)
    return `The source ${client.ip} was not masqueraded; if ${backend.ip} has no way back to it, its SYN-ACK is lost.`;
  if (masqueraded === true)
    return `The source is masqueraded, so ${backend.ip}:${backend.port} itself, or the way to it, does not answer.`;
  return `${self(g) ? 'The source is the VIP itself, as the kernel picks it: without the masquerade (ipset KUBE-CLUSTER-IP, KUBE-POSTROUTING) the backend answers to itself. Either that is missing, or' : 'Either its SYN-ACK goes astray, or'} ${backend.ip}:${backend.port} does not answer; conntrack, which would tell, could not be read.`;
};

const remedy = (g: HandshakeGroup, running: Reading<readonly Agent[]>): Remedy => {
  const { backend, masqueraded } = g.first;
  const proxy = running.ok ? running.value.find((a) => a.name === 'kube-proxy') : undefined;
  if (masqueraded === false)
    return {
      say: `Let kube-proxy write its rules anew: a new start does that${proxy ? ' (what started it starts it again)' : ''}. If they do not stay, read its log: it cannot write them, or another program flushes them.`,
      ...(proxy ? { now: [`kill ${proxy.pid}`] } : {}),
      risk: 'disruptive',
      covers: 'Connections begun before it: their entries stay until their time is over (about two minutes).',
    };
  return {
    say: `Connect to ${backend.ip}:${backend.port} from this node without the Service. If that answers, the rules of kube-proxy are at fault; if not, the backend, a firewall or the network between.`,
    risk: 'none',
  };
};

const problemOf = (
  g: HandshakeGroup,
  facts: { seconds: number },
  ips: Reading<readonly ClusterIp[]>,
  running: Reading<readonly Agent[]>,
): Problem => {
  const { client, virtual, backend, local, masqueraded } = g.first;
  const service = serviceOf(g, ips);
  const to = `${virtual.ip}:${virtual.port}${service ? ` (${service === apiserver ? 'the API server, ' : ''}Service ${service})` : ''}`;
  const who = local ? "of this node's own connections" : `of connections from ${client.ip} and such`;
  const open = g.open ? ' Later ones got through, so it was before that, or is now and then.' : '';
  return {
    id: local ? 'own' : 'others',
    severity: local && !g.open ? 'warning' : 'info',
    message: `${g.count} ${who} to ${to} ${g.count === 1 ? 'hangs' : 'hang'} in the handshake (SYN_RECV for ${facts.seconds.toFixed(1)} s and more; last SYN ${g.quietSeconds} s ago).${open} ${cause(g)}`,
    data: { service, virtual, backend, client, count: g.count, quietSeconds: g.quietSeconds, masqueraded, local },
    evidence: [
      {
        source: '/proc/net/ip_vs_conn',
        text: `TCP ${client.ip}:${client.port} → ${virtual.ip}:${virtual.port} → ${backend.ip}:${backend.port} SYN_RECV`,
      },
      ...(masqueraded === null
        ? []
        : [
            {
              source: '/proc/net/nf_conntrack',
              text: `src=${client.ip} dst=${virtual.ip} sport=${client.port} dport=${virtual.port}: the reply is expected at ${masqueraded ? 'another address' : client.ip}`,
            },
          ]),
    ],
    ...(local ? { fix: remedy(g, running) } : {}),
  };
};

/** Incident I2: the API server's VIP in SYN_RECV for ever. Facts I. */
export const stuckHandshakes = check({
  id: 'ipvs/stuck-handshakes',
  title: 'No connection of this node to a Service hangs in its handshake',
  severity: 'warning',
  per: 'node',
  docs: {
    why:
      'In IPVS mode every VIP is an address of the node (kube-ipvs0), so the kernel takes the VIP itself as source for a connection to it. Only an ' +
      'iptables rule on the ipset KUBE-CLUSTER-IP masquerades it. Where that is missing (flushed, written into the other backend of iptables, ' +
      'a module not there), the backend answers to itself and the entry stays in SYN_RECV: a new node cannot join, while VIPs with pods behind ' +
      'them may answer, since the CNI masquerades for them. A dead backend looks the same but for its masqueraded source.',
    links: [
      'https://github.com/kubernetes/kubernetes/issues/71305',
      'https://github.com/kubernetes/kubernetes/issues/139276',
    ],
  },
  needs: { proxyMode, handshakes },
  wants: { clusterIps, agents },
  judge: (facts, maybe) => {
    const proxy = facts.proxyMode;
    if (proxy.mode !== 'ipvs' && proxy.leftoverServers === 0)
      return notApplicable(`no virtual servers of IPVS here: ${proxy.mode} (${proxy.source})`);
    const rank = (g: HandshakeGroup): number =>
      (g.first.local ? 4 : 0) + (g.open ? 0 : 2) + (serviceOf(g, maybe.clusterIps) === apiserver ? 1 : 0);
    const groups = handshakeGroups(facts.handshakes).sort((a, b) => rank(b) - rank(a));
    const [first, ...more] = groups
      .slice(0, 10)
      .map((g) => problemOf(g, facts.handshakes, maybe.clusterIps, maybe.agents));
    if (!first) return pass(`none in SYN_RECV over the ${facts.handshakes.seconds.toFixed(1)} s of the window`);
    return fail(first, ...more);
  },
});
