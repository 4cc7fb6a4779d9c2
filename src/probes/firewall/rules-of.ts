import { known, missing, type Reading } from '../../core/gap.ts';
import type { Output } from '../../core/read.ts';
import { type FirewallRules, parseFirewallRules } from '../../parsers/firewall-rules.ts';

/** One look at the rules. */
export const rulesOf = (output: Output): Reading<FirewallRules> => {
  const found = parseFirewallRules(output.stdout);
  return found ? known(found) : missing('truncated', 'the list of firewall rules did not come whole');
};
