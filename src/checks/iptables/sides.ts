import type { Backend, IptablesRules, RuleSet } from '../../facts/iptables/rules.ts';
import { rulesIn } from './rules-in.ts';

/** Who has what in one backend, over both families. */
export interface Side {
  readonly backend: Backend;
  readonly sets: readonly RuleSet[];
  /** A chain by which kubelet's backend is known: "KUBE-IPTABLES-HINT (mangle)"; null where kubelet writes nothing there. */
  readonly kubelet: string | null;
  /** Rules in kube-proxy's chains of nat that pick a Service (KUBE-SERVICES, KUBE-SVC-*). */
  readonly services: number;
  /** Rules that send a Service's traffic to its endpoints. */
  readonly endpoints: number;
}

/** Only kubelet makes these; KUBE-FIREWALL is all that one of before 1.17 leaves (facts H). */
const kubeletChains = [/^KUBE-IPTABLES-HINT$/, /^KUBE-KUBELET-CANARY$/, /^KUBE-FIREWALL$/];

const kubeletIn = (sets: readonly RuleSet[]): string | null => {
  for (const name of kubeletChains) {
    for (const set of sets) {
      const chain = set.chains.find((c) => name.test(c.name) && (c.name !== 'KUBE-FIREWALL' || c.rules > 0));
      if (chain) return `${chain.name} (${chain.table})`;
    }
  }
  return null;
};

/** Both backends, side by side. */
export const sides = (rules: IptablesRules): readonly [legacy: Side, nft: Side] => {
  const side = (backend: Backend): Side => {
    const sets = rules.sets.filter((s) => s.backend === backend);
    const count = (names: RegExp): number => sets.reduce((sum, s) => sum + rulesIn(s, names, 'nat'), 0);
    return {
      backend,
      sets,
      kubelet: kubeletIn(sets),
      services: count(/^KUBE-(SERVICES|SVC-\*)$/),
      endpoints: count(/^KUBE-SEP-\*$/),
    };
  };
  return [side('legacy'), side('nft')];
};
