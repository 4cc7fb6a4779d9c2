import { parseIptablesRule } from '../../parsers/iptables-rule.ts';

/** The comment of a rule that matches every packet and drops it ("" without one); null for any other rule. */
export const dropsAll = (rule: string): string | null => {
  const words = parseIptablesRule(rule)?.words ?? [];
  const [match, name, option, comment = '', ...rest] = words;
  if (words.join(' ') === '-j DROP') return '';
  return match === '-m' && name === 'comment' && option === '--comment' && rest.join(' ') === '-j DROP'
    ? comment
    : null;
};
