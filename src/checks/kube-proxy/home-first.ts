import type { RuleSet } from '../../facts/iptables/rules.ts';

/** The sets of a family, those with kube-proxy's chains first: there one would look for what is missing. */
export const homeFirst = (sets: readonly RuleSet[], family?: RuleSet['family']): readonly RuleSet[] => {
  const has = (s: RuleSet): number => Number(s.chains.some((c) => c.table === 'nat' && c.name === 'KUBE-SERVICES'));
  return sets.filter((s) => family === undefined || s.family === family).sort((a, b) => has(b) - has(a));
};
