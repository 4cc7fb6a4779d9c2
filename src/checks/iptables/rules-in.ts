import type { RuleSet } from '../../facts/iptables/rules.ts';

/** How many rules the chains of these names have in the set, in one table or in all. */
export const rulesIn = (set: RuleSet, names: RegExp, table?: string): number =>
  set.chains
    .filter((c) => names.test(c.name) && (table === undefined || c.table === table))
    .reduce((sum, c) => sum + c.rules, 0);
