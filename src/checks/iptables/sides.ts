import type { Backend, IptablesRules, RuleSet } from '../../facts/iptables/rules.ts';
import { rulesIn } from './rules-in.ts';

/** Who has what in one backend, over both families. */
export interface Side {
  readonly backend: Backend;
  readonly sets: readonly RuleSet[];
  /** The chain or rule by which kubelet is seen there: ":KUBE-IPTABLES-HINT (table mangle)"; null where it writes nothing. */
  readonly kubelet: string | null;
  /** Rules in kube-proxy's chains of nat that pick a Service (KUBE-SERVICES, KUBE-SVC-*). */
  readonly services: number;
  /** Rules that send a Service's traffic to its endpoints. */
  readonly endpoints: number;
}

/**
 * Only kubelet makes these. One of before 1.17 leaves just the rule for marked packets in KUBE-FIREWALL; the chain itself is no sign, since kube-proxy
 * makes it too, with its rule for martian packets (measured, 1.34).
 */
const kubeletIn = (sets: readonly RuleSet[]): string | null => {
  for (const name of ['KUBE-IPTABLES-HINT', 'KUBE-KUBELET-CANARY'])
    for (const set of sets)
      for (const chain of set.chains) if (chain.name === name) return `:${name} (table ${chain.table})`;
  for (const set of sets)
    for (const { text } of set.rules) if (/^-A KUBE-FIREWALL .*--mark 0x8000\/0x8000 -j DROP$/.test(text)) return text;
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
