import type { DropRule } from '../../facts/firewall/drop-rules.ts';
import { ruleOwner } from './rule-owner.ts';
import { ruleText } from './rule-text.ts';

/** Why drops may be unseen: rules of nobody known that count nothing. Policies of forwarded packets are another check's. Null where there are none. */
export const hiddenRules = (rules: readonly DropRule[], hints: readonly string[]): string | null => {
  const hidden = rules.filter(
    (r) =>
      r.packets === null &&
      ruleOwner(r, hints).name === null &&
      !(r.policy && (r.chain === 'FORWARD' || r.text.includes('hook forward'))),
  );
  const [first] = hidden;
  if (!first) return null;
  const more = hidden.length > 1 ? ` and ${hidden.length - 1} more` : '';
  return `${ruleText(first)}${more} may drop packets and ${hidden.length > 1 ? 'have' : 'has'} no counter (a rule with "counter drop" would tell)`;
};
