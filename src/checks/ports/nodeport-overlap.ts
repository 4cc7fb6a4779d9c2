import { check, fail, notApplicable, pass, type Severity } from '../../core/check.ts';
import { ephemeralRange } from '../../facts/kernel/ephemeral-range.ts';
import { reservedPorts } from '../../facts/kernel/reserved-ports.ts';
import { type ProxyMode, proxyMode } from '../../facts/kube-proxy/mode.ts';
import { nodePortRange } from '../../facts/services/node-port-range.ts';
import { type NodePort, nodePorts } from '../../facts/services/node-ports.ts';
import { autobound } from '../../facts/sockets/autobound.ts';
import { listeners } from '../../facts/sockets/listeners.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { formatRanges, inRanges, intersectRanges, subtractRanges } from '../../lib/port-ranges.ts';
import { nodePortSpace } from './node-port-space.ts';
import { portsRemedy } from './ports-remedy.ts';
import { takesReplies } from './takes-replies.ts';

const severityOf = (proxy: ProxyMode, hits: readonly NodePort[], rangeKnown: boolean): Severity => {
  if (hits.length === 0) return takesReplies(proxy) && rangeKnown ? 'warning' : 'info';
  if (takesReplies(proxy) && hits.some((h) => h.kind === 'nodePort')) return 'error';
  return hits.some((h) => h.kind === 'healthCheckNodePort') ? 'warning' : 'info';
};

const list = (hits: readonly NodePort[]): string => {
  const named = hits.slice(0, 5).map((h) => `${h.port}${h.service ? ` (${h.service})` : ''}`);
  return named.join(', ') + (hits.length > 5 ? ` and ${hits.length - 5} more` : '');
};

const meaning = (proxy: ProxyMode, hits: readonly NodePort[]): string => {
  const kubeProxy = proxy.mode === 'none' ? 'no kube-proxy' : `kube-proxy in ${proxy.mode} mode`;
  const left = `${proxy.leftoverServers} virtual servers left over from IPVS mode`;
  const who = proxy.leftoverServers > 0 ? left : (proxy.replacedBy ?? kubeProxy);
  if (takesReplies(proxy) && hits.some((h) => h.kind === 'nodePort'))
    return `A connection from this node that gets such a source port hangs: with ${who}, its SYN-ACK goes to the pods of that Service. Probes fail at random.`;
  if (takesReplies(proxy) && hits.length === 0) return 'No Service has a port there yet; the next NodePort may.';
  if (hits.some((h) => h.kind === 'healthCheckNodePort'))
    return 'healthCheckNodePort is a real listener on every node: while a connection holds the port, kube-proxy cannot open it.';
  if (proxy.mode === 'none') return `Whether ${who} takes replies is not known to netdoctor.`;
  return `With ${who} replies are not taken; a switch to IPVS would make this a fault.`;
};

/** Incident I1: kubelet's source port equals a NodePort, IPVS takes the SYN-ACK, the probe times out. Facts A.5. */
export const nodeportOverlap = check({
  id: 'ports/nodeport-overlap',
  title: 'No NodePort lies in the ephemeral port range',
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'The kernel gives outgoing connections source ports from net.ipv4.ip_local_port_range. If such a port is the NodePort of a Service, ' +
      "IPVS takes the reply (SYN-ACK) for a new connection to that Service and sends it to one of its pods; the node's own connection " +
      'hangs until it times out. Health checks fail now and then, on every cloud and with every CNI, and nothing stands in any log. ' +
      'In iptables and nftables mode replies are not touched; there only healthCheckNodePorts, real listeners, are at risk.',
    links: [
      'https://github.com/kubernetes/kubernetes/issues/111682',
      'https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html',
      'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
    ],
  },
  needs: { ephemeralRange, reservedPorts, proxyMode, nodePorts },
  wants: { nodePorts, nodePortRange, proxyMode, listeners, autobound, pods },
  judge: (facts, maybe) => {
    const proxy = facts.proxyMode;
    const notAsked = !maybe.nodePorts.ok && maybe.nodePorts.gap.kind === 'not-chosen';
    if (proxy.mode === 'none' && !proxy.replacedBy && notAsked)
      return notApplicable(`no Services here: ${proxy.source}`);
    const effective = subtractRanges([facts.ephemeralRange], facts.reservedPorts);
    const allocated = notAsked && !takesReplies(proxy) ? [] : facts.nodePorts;
    const space = nodePortSpace(maybe.nodePortRange, allocated);
    const hits = allocated.filter((p) => inRanges(p.port, effective));
    const overlap = intersectRanges([space.range], effective);
    const shown = `${facts.ephemeralRange.join('-')}${facts.reservedPorts.length > 0 ? ` without the reserved ${formatRanges(facts.reservedPorts)}` : ''}`;
    if (hits.length === 0 && overlap.length === 0) {
      if (facts.nodePorts.length === 0)
        return pass(
          `no Service has a NodePort, and ephemeral range ${shown} leaves ${formatRanges([space.range])} alone`,
        );
      return pass(
        `ephemeral range ${shown}: no NodePort in it, nor any of the NodePort range ${formatRanges([space.range])} (${space.source})`,
      );
    }
    const what =
      hits.length > 0
        ? `${hits.length === 1 ? 'NodePort' : `${hits.length} NodePorts:`} ${list(hits)} ${hits.length === 1 ? 'is' : 'are'} in the ephemeral range ${shown}.`
        : `${formatRanges(overlap)} of the NodePort range (${space.source}) is in the ephemeral range ${shown}.`;
    return fail({
      id: hits.length > 0 ? 'allocated' : 'range',
      severity: severityOf(proxy, hits, space.known),
      message: `${what} ${meaning(proxy, hits)}`,
      data: {
        mode: proxy.mode,
        ephemeralRange: facts.ephemeralRange,
        reservedPorts: facts.reservedPorts,
        nodePortRange: { from: space.range[0], to: space.range[1], source: space.source, known: space.known },
        overlap,
        ports: hits.map(({ port, protocol, service, kind }) => ({ port, protocol, service, kind })),
      },
      evidence: [
        { source: '/proc/sys/net/ipv4/ip_local_port_range', text: facts.ephemeralRange.join(' ') },
        { source: '/proc/sys/net/ipv4/ip_local_reserved_ports', text: formatRanges(facts.reservedPorts) || '(none)' },
        { source: 'NodePort range', text: `${formatRanges([space.range])}, ${space.source}` },
        { source: 'kube-proxy', text: `${proxy.mode}, ${proxy.source}` },
      ],
      fix: portsRemedy(facts.ephemeralRange, facts.reservedPorts, maybe),
    });
  },
});
