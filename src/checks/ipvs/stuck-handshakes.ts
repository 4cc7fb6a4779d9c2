import { check, fail, notApplicable, type Problem, pass } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import { handshakes } from '../../facts/ipvs/handshakes.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { type Agent, agents } from '../../facts/node/agents.ts';
import { type ClusterIp, clusterIps } from '../../facts/services/cluster-ips.ts';
import { spanText } from '../../lib/span-text.ts';
import { handshakeCause } from './handshake-cause.ts';
import { type HandshakeGroup, handshakeGroups } from './handshake-groups.ts';
import { handshakeRemedy } from './handshake-remedy.ts';

const apiserver = 'default/kubernetes';
const serviceOf = ({ first }: HandshakeGroup, ips: Reading<readonly ClusterIp[]>): string | null =>
  (ips.ok ? ips.value.find((s) => s.ip === first.virtual.ip)?.service : undefined) ?? null;

const problemOf = (
  g: HandshakeGroup,
  facts: { seconds: number },
  ips: Reading<readonly ClusterIp[]>,
  running: Reading<readonly Agent[]>,
): Problem => {
  const { client, virtual, backend, local, replyTo } = g.first;
  const service = serviceOf(g, ips);
  const to = `${virtual.ip}:${virtual.port}${service ? ` (${service === apiserver ? 'the API server, ' : ''}Service ${service})` : ''}`;
  const who = local ? "of this node's own connections" : `of connections from ${client.ip} and such`;
  const open = g.open ? ' Later ones got through, so it was before that, or is now and then.' : '';
  return {
    id: local ? 'own' : 'others',
    severity: local && !g.open ? 'warning' : 'info',
    message: `${g.count} ${who} to ${to} ${g.count === 1 ? 'hangs' : 'hang'} in the handshake (SYN_RECV for ${spanText(facts.seconds)} and more; last SYN ${g.quietSeconds} s ago).${open} ${handshakeCause(g)}`,
    data: {
      service,
      virtual,
      backend,
      client,
      count: g.count,
      quietSeconds: g.quietSeconds,
      masqueraded: g.masqueraded,
      local,
    },
    evidence: [
      {
        source: '/proc/net/ip_vs_conn',
        text: `TCP ${client.ip}:${client.port} → ${virtual.ip}:${virtual.port} → ${backend.ip}:${backend.port} SYN_RECV`,
      },
      ...(replyTo === null
        ? []
        : [
            {
              source: '/proc/net/nf_conntrack',
              text: `src=${client.ip} dst=${virtual.ip} sport=${client.port} dport=${virtual.port} [UNREPLIED] src=${backend.ip} dst=${replyTo}`,
            },
          ]),
    ],
    ...(local ? { fix: handshakeRemedy(g, running) } : {}),
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
  causes: ['iptables/backend-mismatch', 'kube-proxy/sync-failing', 'kube-proxy/rules-missing'],
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
    if (!first) return pass(`none in SYN_RECV over the ${spanText(facts.handshakes.seconds)} of the window`);
    return fail(first, ...more);
  },
});
