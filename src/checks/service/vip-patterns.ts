import type { Remedy } from '../../core/check.ts';
import type { KubeProxyMode } from '../../facts/kube-proxy/mode.ts';
import { reachAddress, reachResultText } from './reach-row-text.ts';
import type { NamedRow, ReachTable } from './reach-table.ts';

/** What a pattern of the table means. */
export interface ReachPattern {
  readonly id: string;
  readonly message: string;
  readonly first: readonly NamedRow[];
  readonly fix: Remedy;
}

const list = (rows: readonly NamedRow[]): string => rows.map((n) => reachAddress(n.row)).join(', ');
const some = (rows: readonly NamedRow[]): string => `${list(rows.slice(0, 3))}${rows.length > 3 ? ', …' : ''}`;
const bad = (rows: readonly NamedRow[]): readonly NamedRow[] => rows.filter((n) => !n.open);
const ended = (rows: readonly NamedRow[]): string =>
  rows
    .slice(0, 1)
    .map((n) => reachResultText(n.row))
    .join('');

const resync = (more: string): Remedy => ({
  say: `Have kube-proxy (or what takes its place) write its rules again: restart it on this node, and read its log for why it could not (iptables-restore, ipset and nft errors). ${more}`,
  risk: 'disruptive',
  covers: 'A rule of somebody else that drops these packets: that stays, and has to be found and removed.',
});

const look: Readonly<Record<KubeProxyMode, string>> = {
  ipvs: 'ipvs mode: `grep -A3 TCP /proc/net/ip_vs` has the virtual servers, `iptables-save` the rules beside them.',
  iptables: 'iptables mode: `iptables-save | grep -E "KUBE-SERVICES|KUBE-SVC"` has its rules.',
  nftables: 'nftables mode: `nft list table ip kube-proxy` has its rules.',
  none: 'No kube-proxy runs here: ask what takes its place (`cilium-dbg service list`, `ovn-nbctl lb-list`).',
};

const podsBehind = (t: ReachTable, vip: NamedRow): readonly NamedRow[] =>
  t.of('dns-pod').filter((p) => p.row.protocol === vip.row.protocol && p.target?.service === vip.target?.service);

/** The API server's Service does not answer, and all that is behind it does; the DNS Service tells how much is broken. */
const dataPlane = (t: ReachTable, vips: readonly NamedRow[], mode: KubeProxyMode | null): ReachPattern => {
  const direct = t.of('api-endpoint');
  // without a pod that answers, the DNS Service says nothing of the rules
  const dns = t.of('dns-vip').filter((n) => n.open || podsBehind(t, n).every((p) => p.open));
  const behind = `The API server answers at ${some(direct)}, its Service does not (${list(vips)}: ${ended(vips)})`;
  const hint = mode ? look[mode] : '';
  const alone = dns.length > 0 && dns.every((n) => n.open);
  if (alone && (mode === 'ipvs' || mode === null))
    return {
      id: 'masquerade',
      message: `${behind}, while the DNS Service answers: ${mode === null ? "if kube-proxy's mode is ipvs (it could not be seen), " : ''}the masquerading of this node's own connections is missing. In ipvs mode the kernel takes the Service's address as the source, and the API server sends its answers to itself; connections to pods are masqueraded by the CNI, so the DNS Service works all the same. All that uses the network of this node and the API server's Service fails.`,
      first: vips,
      fix: resync(
        'The rules are KUBE-MARK-MASQ for the ipset KUBE-CLUSTER-IP, and KUBE-POSTROUTING; `iptables-save -t nat` must have both, in the backend that kube-proxy uses, and `ipset list KUBE-CLUSTER-IP` the address.',
      ),
    };
  if (alone)
    return {
      id: 'api-vip',
      message: `${behind}, while the DNS Service answers: the rules for this one Service are missing or a rule drops it; kube-proxy's others work. All that uses the network of this node and the API server's Service fails.`,
      first: vips,
      fix: resync(hint),
    };
  const too = bad(dns);
  return {
    id: 'data-plane',
    message: `${behind}${too.length > 0 ? `, and neither does the DNS Service (${list(too)})` : ''}: the service data plane of this node is broken. ${mode === 'ipvs' ? "In ipvs mode either the virtual servers are missing, or the masquerading of this node's own connections is: then the kernel takes the Service's address as the source, and what is behind it sends its answers to itself." : 'No rule of kube-proxy or what takes its place is there or takes effect.'}`,
    first: [...vips, ...too],
    fix: resync(hint),
  };
};

const ways: Remedy = {
  say: "Look for what keeps this node from the API server: its route (`ip route get`), a firewall here, in between or there, the load balancer in front; and whether the API server runs. kubelet's log has the same error.",
  risk: 'none',
};

const apiPatterns = (t: ReachTable, mode: () => KubeProxyMode | null): ReachPattern[] => {
  const [vips, direct] = [t.of('api-vip'), t.of('api-endpoint')];
  const [badVips, badDirect] = [bad(vips), bad(direct)];
  if (vips.some((n) => n.open)) return [];
  if (direct.length > 0 && badDirect.length === direct.length) {
    const kubelet = t.of('kubelet').some((n) => n.row.result === 'timeout');
    const refused = badDirect.every((n) => n.row.result === 'refused');
    return [
      {
        id: 'control-plane',
        message: `This node does not reach the API server at all: ${some(badDirect)} (${ended(badDirect)})${vips.length > 0 ? `; its Service ${list(badVips)} cannot answer either` : ''}. ${
          refused
            ? 'The way there is open, and nothing listens: the API server is down, or behind another address'
            : kubelet
              ? "Not even the node's own kubelet answers: a rule of this node drops its own connections"
              : 'The fault is on the way (route, firewall) or the API server is down; Services have nothing to do with it'
        }.`,
        first: [...badDirect, ...badVips],
        fix: ways,
      },
    ];
  }
  if (badVips.length === 0) return [];
  if (badDirect.length > 0)
    return [
      {
        id: 'endpoints-partly',
        message: `The API server's Service does not answer (${list(badVips)}: ${ended(badVips)}), and of what is behind it ${badDirect.length} of ${direct.length} do not either (${some(badDirect)}): connections that are given to these fail; if others fail too, the rules of this node are broken as well.`,
        first: [...badVips, ...badDirect],
        fix: ways,
      },
    ];
  if (direct.length > 0) return [dataPlane(t, badVips, mode())];
  const message = `The API server's Service does not answer (${list(badVips)}: ${ended(badVips)}); its own address is not known here, so whether that does could not be seen.`;
  return [{ id: 'api-vip', message, first: badVips, fix: resync('') }];
};

/** The DNS Service does not answer, and the pods behind it do. Told by itself only where the API server's Service is well. */
const dnsPatterns = (t: ReachTable, mode: () => KubeProxyMode | null): ReachPattern[] => {
  const badVips = bad(t.of('dns-vip'));
  const pods = (n: NamedRow) => podsBehind(t, n);
  const alone = badVips.filter((n) => pods(n).length > 0 && pods(n).every((p) => p.row.result === 'answers'));
  if (alone.length > 0) {
    const behind = [...new Set(alone.flatMap(pods))];
    const known = mode();
    return [
      {
        id: 'dns-vip',
        message: `The DNS pods answer (${some(behind)}), their Service does not (${list(alone)}: ${ended(alone)}), while the API server's does: the rules for this one Service are missing or a rule drops it. Pods of this node cannot resolve names.`,
        first: alone,
        fix: resync(
          `${known ? `${look[known]} ` : ''}Where NodeLocal DNSCache runs, it answers for this address: look at its pod on this node first.`,
        ),
      },
    ];
  }
  const udp = badVips.filter((n) => n.row.protocol === 'UDP' && pods(n).length > 0 && pods(n).every((p) => !p.open));
  const tcp = t.of('dns-pod').filter((p) => p.row.protocol === 'TCP');
  if (udp.length === 0 || tcp.length === 0 || tcp.some((p) => p.row.result !== 'answers')) return [];
  return [
    {
      id: 'dns-udp',
      message: `The DNS pods answer over TCP (${some(tcp)}) and not over UDP (${ended(udp)}), neither directly nor by their Service: UDP is dropped on the way.`,
      first: [...udp, ...udp.flatMap(pods)],
      fix: {
        say: 'Look for what drops UDP: a firewall or security group between the nodes, a rule on this node, a NetworkPolicy that allows port 53 for TCP only.',
        risk: 'none',
      },
    },
  ];
};

/** What the rows of the two Services mean, gravest first. `mode` is asked for only where the meaning depends on it. */
export const vipPatterns = (table: ReachTable, mode: () => KubeProxyMode | null): readonly ReachPattern[] => {
  const api = apiPatterns(table, mode);
  return api.length > 0 ? api : dnsPatterns(table, mode);
};
