import { cannotTell, check, fail, notApplicable, type Problem, pass } from '../../core/check.ts';
import { type ForwardChain, forwardChains } from '../../facts/firewall/forward-chains.ts';
import { agents } from '../../facts/node/agents.ts';
import { podNetworks } from '../../facts/node/pod-networks.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { kubeletOf } from '../kubelet-of.ts';
import { acceptsPods } from './accepts-pods.ts';
import { forwardRemedy } from './forward-remedy.ts';

const title = (c: ForwardChain): string =>
  `${c.backend === 'nft' ? 'nft chain' : c.tool} ${c.family} ${c.table} ${c.chain}`;

/** What forwards pods' packets past the firewall's chains, or with chains of its own. */
const bypass: Readonly<Record<string, string>> = { 'cilium-agent': 'Cilium', ovnkube: 'OVN-Kubernetes' };

/** Incident I2.2, facts J: Docker and hardening scripts set the policy DROP; kube-proxy's own rules let only replies and masqueraded packets through. */
export const forwardPolicy = check({
  id: 'firewall/forward-policy',
  title: 'The firewall forwards the packets of pods',
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'Packets from and to pods are forwarded by the node, so they pass the chain FORWARD. Docker (since 1.13), ufw and hardening scripts set its policy to DROP. ' +
      'kube-proxy accepts replies and what it masquerades (KUBE-FORWARD); new connections between pods need rules of the CNI (flannel, Calico, …).',
    links: [
      'https://github.com/kubernetes/kubernetes/issues/39823',
      'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
    ],
  },
  needs: { agents, forwardChains },
  wants: { podNetworks, pods },
  judge: (facts, maybe) => {
    const kubelet = kubeletOf(facts.agents) !== undefined;
    if (!kubelet && !maybe.pods.ok) return notApplicable('no kubelet runs here');
    const other = facts.agents.find((a) => Object.hasOwn(bypass, a.name));
    if (other) return notApplicable(`${bypass[other.name]} forwards by rules of its own`);
    const { chains, blind, cut } = facts.forwardChains;
    const networks = maybe.podNetworks.ok ? maybe.podNetworks.value : null;
    const asked = chains.filter((c) => {
      const wanted = networks?.filter((n) => c.family === 'inet' || n.includes(':') === (c.family === 'ip6'));
      // where the networks are not known, nearly every cluster has IPv4 pods
      return wanted ? wanted.length > 0 : c.family !== 'ip6';
    });
    const looked = asked
      .map((chain) => ({ chain, way: acceptsPods(chain, networks) }))
      .filter(({ chain, way }) => chain.policy === 'DROP' || way.stop !== null);
    const closed = looked.filter(({ way }) => way.yes.length === 0);
    const problems = closed
      .filter(({ way }) => way.maybe.length === 0 && !cut)
      .map(({ chain, way }): Problem => {
        const why = way.stop ? `ends with a rule that drops all (${way.stop.text})` : 'has the policy DROP';
        const kube = way.kubeForward
          ? 'KUBE-FORWARD lets replies and masqueraded packets through only'
          : 'KUBE-FORWARD does not stand before that either';
        return {
          id: way.stop ? 'dropped-by-rule' : 'dropped-by-policy',
          severity: 'error',
          message: `The chain ${title(chain)} ${why}, and no rule before that accepts new connections of pods${networks ? ` (${networks.slice(0, 3).join(', ')}${networks.length > 3 ? ', …' : ''})` : ''}; ${kube}. They are dropped on this node.`,
          data: {
            backend: chain.backend,
            family: chain.family,
            table: chain.table,
            policy: chain.policy,
            kubeForward: way.kubeForward,
            networks,
          },
          evidence: [
            {
              source:
                chain.backend === 'nft'
                  ? `nft list chain ${chain.family} ${chain.table} ${chain.chain}`
                  : `${chain.tool}-save`,
              text: way.stop?.text ?? (chain.backend === 'nft' ? 'policy drop' : `:${chain.chain} DROP`),
            },
          ],
          fix: forwardRemedy(chain, networks, way.stop !== null),
        };
      });
    const [first, ...more] = problems;
    if (first) return fail(first, ...more);
    const [unsure] = closed;
    if (unsure)
      return cannotTell(
        forwardChains,
        unsure.way.maybe[0]
          ? `${title(unsure.chain)} drops what is not accepted, and whether ${unsure.way.maybe[0].text} accepts all of pods is not known`
          : `${title(unsure.chain)} drops what is not accepted, and has too many rules to tell what that is`,
      );
    if (blind.length > 0) return cannotTell(forwardChains, blind.join('; '));
    if (asked.length === 0)
      return notApplicable('no chain of iptables or nftables stands in the way of forwarded packets');
    const [open] = looked;
    return pass(
      open
        ? `${title(open.chain)} drops what is not accepted, and pods are accepted: ${open.way.yes[0]?.text}`
        : `none of ${asked.length} base chains of forwarded packets drops what no rule accepts`,
    );
  },
});
