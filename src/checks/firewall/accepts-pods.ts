import type { ForwardChain, ForwardRule } from '../../facts/firewall/forward-chains.ts';
import type { RuleMatch } from '../../facts/firewall/rule-match.ts';
import { cidrsOverlap } from '../../lib/cidrs-overlap.ts';

/** What of a chain lets new connections of pods through before all else is dropped. */
export interface AcceptsPods {
  /** Rules that do. */
  readonly yes: readonly ForwardRule[];
  /** Rules that may: for some ports only, or with conditions that are not known here. */
  readonly maybe: readonly ForwardRule[];
  /** kube-proxy's chain is on the way. */
  readonly kubeForward: boolean;
  /** The rule that drops whatever comes to it, where there is one. */
  readonly stop: ForwardRule | null;
}

/** Bridges and links of others than the CNI. */
const foreign = /^(lo|docker|br-[0-9a-f]{12}|virbr|lxcbr|lxdbr|incusbr|podman)/;

/** Links of pods and of the networks between nodes that carry theirs. What goes through others only may be of pods or not. */
const podLinks = /^(cni|cbr|kube|flannel|cali|veth|lxc|cilium|tunl|vxlan|genev|weave|antrea|eni|azv|azure|gke|ovn|wg)/;

/** kube-proxy's mark is on what is masqueraded only. */
const isKubeMark = (mark: string | null): boolean => mark !== null && /^0x0*4000(\/|$)/.test(mark);

const unconditional = (m: RuleMatch): boolean =>
  !m.other &&
  [
    m.protocol,
    m.source,
    m.destination,
    m.sourcePorts,
    m.destinationPorts,
    m.inInterface,
    m.outInterface,
    m.states,
    m.mark,
  ].every((v) => v === null);

/** Whether a new connection from or to a pod can pass this condition: `null` is perhaps. `networks` null: they are not known. */
const passes = (m: RuleMatch, networks: readonly string[] | null): boolean | null => {
  if (m.states !== null && !m.states.includes('NEW') && !m.states.includes('UNTRACKED')) return false;
  if (isKubeMark(m.mark) || /^(ipv6-)?icmp(v6)?$/.test(m.protocol ?? '')) return false;
  if (foreign.test(m.inInterface ?? '') || foreign.test(m.outInterface ?? '')) return false;
  const ends = [m.source, m.destination].filter((l) => l !== null);
  if (networks !== null && ends.length > 0 && !ends.flat().some((c) => networks.some((n) => cidrsOverlap(n, c))))
    return false;
  const links = [m.inInterface, m.outInterface].filter((l) => l !== null);
  const sure =
    !m.other && m.sourcePorts === null && m.destinationPorts === null && links.every((l) => podLinks.test(l));
  return sure && (networks !== null || ends.length === 0) ? true : null;
};

/** Follows the way of forwarded packets through a chain and those that it leads to. */
export const acceptsPods = (chain: ForwardChain, networks: readonly string[] | null): AcceptsPods => {
  const yes: ForwardRule[] = [];
  const maybe: ForwardRule[] = [];
  const been = new Set<string>();
  let stop: ForwardRule | null = null;
  /** True where no packet comes back from there. `always`: every packet comes there; `sure`: every new packet of a pod that asks for no more. */
  const walk = (name: string, always: boolean, sure: boolean): boolean => {
    const key = `${name} ${always} ${sure}`;
    if (been.has(key)) return false;
    been.add(key);
    for (const rule of chain.rules.filter((r) => r.chain === name)) {
      const { verdict, jump } = rule.match;
      const all = unconditional(rule.match);
      if (all && (verdict === 'DROP' || verdict === 'REJECT')) {
        if (always) stop = rule;
        return always;
      }
      const can = passes(rule.match, networks);
      if (can === false) continue;
      if (verdict === 'ACCEPT') (can && sure ? yes : maybe).push(rule);
      else if (jump !== null && walk(jump, always && all, sure && can === true)) return true;
    }
    return false;
  };
  walk(chain.chain, true, true);
  const kubeForward = chain.rules.some((r) => r.chain === 'KUBE-FORWARD');
  return { yes, maybe, kubeForward, stop };
};
