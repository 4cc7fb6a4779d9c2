import type { DropRule } from '../../facts/firewall/drop-rules.ts';
import { type RuleOwner, ruleOwner } from './rule-owner.ts';
import { ruleText } from './rule-text.ts';

/** A rule that dropped something within the window. */
export interface RisenRule {
  readonly rule: DropRule;
  readonly packets: number;
  readonly owner: RuleOwner;
  /** "of kube-proxy", "of nobody known". */
  readonly whose: string;
  /** As one would type it. */
  readonly typed: string;
  /** The command that shows it. */
  readonly source: string;
}

/** Those whose counters rose, most first. */
export const risenRules = (rules: readonly DropRule[], hints: readonly string[]): RisenRule[] =>
  rules
    .flatMap((rule): RisenRule[] => {
      if (rule.risen === null || rule.risen === 0) return [];
      const owner = ruleOwner(rule, hints);
      const whose = owner.policy ? `of a NetworkPolicy (${owner.name})` : `of ${owner.name ?? 'nobody known'}`;
      const source =
        rule.backend === 'nft' ? `nft list chain ${rule.family} ${rule.table} ${rule.chain}` : `${rule.tool}-save -c`;
      return [{ rule, packets: rule.risen, owner, whose, typed: ruleText(rule), source }];
    })
    .sort((a, b) => b.packets - a.packets);
