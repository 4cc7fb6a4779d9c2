import { cannotTell, check, fail, notApplicable, pass } from '../../core/check.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { policies } from '../../facts/network/policies.ts';
import { agents } from '../../facts/node/agents.ts';
import { reachTargets } from '../../facts/services/reach-targets.ts';
import { reachability } from '../../facts/services/reachability.ts';
import { podWays } from './reach-pods.ts';
import { reachProblem } from './reach-problem.ts';
import { reachRowText } from './reach-row-text.ts';
import { reachTable } from './reach-table.ts';
import { vipPatterns } from './vip-patterns.ts';
import { wayPattern } from './way-pattern.ts';

/** These have kinds of policies of their own, which hold for whole clusters. */
const withOwnPolicies = /^(cilium-agent|calico-node|antrea-agent|ovnkube)$/;

/** These have kubelet within them, and its configuration elsewhere. */
const withKubelet = /^(kubelite|k3s|k3s-server|k3s-agent|rke2|k0s|hyperkube)$/;

/**
 * Incident I2: on a new node the API server's Service did not answer, its host address did, and so did the DNS Service; days went by until somebody saw
 * that the masquerading of the host's own connections was missing (facts I).
 */
export const vipUnreachable = check({
  id: 'service/vip-unreachable',
  title: 'Services and pods answer from the node',
  severity: 'critical',
  per: 'node',
  docs: {
    why: "What uses the network of its node (kubelet, CNI agents, pods with hostNetwork) reaches Services by the node's own rules, and from there on the ways to other nodes. netdoctor connects to the API server's Service, to the API server directly, to the DNS Service, to its pods and to pods of other nodes; which of these answer tells what is broken: the Service but not what is behind it, the rules of kube-proxy; the API server's Service alone, in ipvs mode, the masquerading of the host's own connections; all pods of one node, the route to it. A pod that alone does not answer proves nothing: a NetworkPolicy may want it so.",
    links: [
      'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
      'https://kubernetes.io/docs/reference/networking/virtual-ips/',
    ],
  },
  causes: [
    'iptables/nft-version-skew',
    'iptables/backend-mismatch',
    'kube-proxy/sync-failing',
    'kube-proxy/rules-missing',
    'ipvs/stuck-handshakes',
    'kernel/ip-forward',
    'kernel/bridge-netfilter',
    'kernel/reverse-path',
    'firewall/drops',
    'firewall/forward-policy',
    'conntrack/table-full',
    'ports/exhaustion',
  ],
  needs: { reachability },
  wants: { reachTargets, proxyMode, policies, agents },
  judge: ({ reachability: found }, maybe) => {
    const table = reachTable(found, maybe.reachTargets.ok ? maybe.reachTargets.value : []);
    if (table.all.length === 0) {
      const [none] = found.notKnown;
      const embeds = maybe.agents.ok ? maybe.agents.value.find((a) => withKubelet.test(a.name)) : null;
      if (none?.kind === 'kubelet' && embeds === undefined) return notApplicable(none.why);
      return cannotTell(reachability, `there was no address that could be tried${none ? `: ${none.why}` : ''}`);
    }
    const patterns = vipPatterns(table, () => (maybe.proxyMode.ok ? maybe.proxyMode.value.mode : null));
    const bad = table.all.filter((n) => !n.open && n.row.kind !== 'kubelet');
    const badPods = bad.some((n) => n.row.kind === 'pod' || n.row.kind === 'dns-pod');
    // whether a policy may explain it matters only where pods do not answer
    const free = badPods && maybe.agents.ok && !maybe.agents.value.some((a) => withOwnPolicies.test(a.name));
    const ways = podWays(table, badPods && free && maybe.policies.ok ? maybe.policies.value : null);
    const way = wayPattern(table, ways);
    const [first, ...rest] = [...patterns, ...(way ? [way] : [])].map((p) => reachProblem(found, table.all, p));
    if (first) return fail(first, ...rest);
    const told = (n: (typeof bad)[number]) => reachRowText(n.row, n.target);
    const doubtful = bad.filter((n) => n.row.kind !== 'api-endpoint' || table.of('api-vip').every((v) => !v.open));
    if (doubtful.length > 0)
      return cannotTell(
        reachability,
        `${doubtful.slice(0, 3).map(told).join('; ')}${doubtful.length > 3 ? `; and ${doubtful.length - 3} more` : ''}: a NetworkPolicy may forbid it, or what stands there may be sick`,
      );
    const missing = found.notKnown.find((n) => n.kind === 'api-vip');
    if (missing) return cannotTell(reachability, `the API server's Service is not known here: ${missing.why}`);
    const answering = table.all.filter((n) => n.open);
    const slowest = Math.max(...answering.map((n) => n.row.ms));
    const silent = bad.length > 0 ? ` (not directly: ${bad.map(told).join('; ')})` : '';
    return pass(`${answering.length} of ${table.all.length} addresses answer, the slowest in ${slowest} ms${silent}`);
  },
});
