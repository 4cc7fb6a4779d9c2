import type { DropRule, FirewallBackend, FirewallPlace } from '../facts/firewall/drop-rules.ts';
import type { ForwardChain, ForwardRule } from '../facts/firewall/forward-chains.ts';
import type { RuleMatch } from '../facts/firewall/rule-match.ts';
import { parseIptablesMatch } from './iptables-match.ts';
import { parseNftRule } from './nft-rule.ts';
import { ruleWords } from './rule-words.ts';

/** A rule or policy that drops, at one moment. */
export type SeenDrop = Omit<DropRule, 'risen'>;

/** What the script firewall/rules told. */
export interface FirewallRules {
  readonly seen: readonly string[];
  readonly blind: readonly string[];
  readonly drops: readonly SeenDrop[];
  readonly forward: readonly ForwardChain[];
  readonly hints: readonly string[];
  readonly cut: boolean;
  readonly cutWay: boolean;
}

const backends: readonly FirewallBackend[] = ['legacy', 'iptables-nft', 'nft'];

/** Of an nft rule the handle is taken off. */
const split = (text: string): { readonly text: string; readonly handle: string | null } => {
  const m = /^([\s\S]*) # handle (\d+)$/.exec(text);
  return m ? { text: m[1] ?? '', handle: m[2] ?? null } : { text, handle: null };
};

/** Understands the lines of the script (src/probes/firewall/rules-read.ts); null if it is something else, or not whole. */
export const parseFirewallRules = (text: string): FirewallRules | null => {
  const rows = text.split('\n').map((l) => l.split('\t'));
  const of = (tag: string): string[][] => rows.flatMap(([t, ...more]) => (t === tag ? [more] : []));
  if (of('end').length === 0) return null;
  const seen = of('seen').map(([who = '']) => who);
  const failed = of('blind');
  // the tool of the old name where that with the backend in its name is not there
  const oldName = new Set(failed.flatMap(([who = '']) => (seen.includes(who) ? [who] : [])));
  const placeOf = ([who = '', table = '', chain = '']: readonly string[]): FirewallPlace | null => {
    const [name, family = ''] = who.split(' ');
    const backend = backends.find((b) => b === name);
    if (!backend || family === '' || table === '' || chain === '') return null;
    const iptables = family === 'ip6' ? 'ip6tables' : 'iptables';
    const suffix = backend === 'legacy' ? '-legacy' : '-nft';
    return {
      backend,
      family,
      table,
      chain,
      tool: backend === 'nft' ? 'nft' : `${iptables}${oldName.has(who) ? '' : suffix}`,
    };
  };
  const matchOf = (backend: FirewallBackend, rule: string): RuleMatch | null =>
    backend === 'nft' ? parseNftRule(rule) : parseIptablesMatch(rule);
  const drops = (tag: 'rule' | 'policy'): SeenDrop[] =>
    of(tag).flatMap(([who = '', table = '', chain = '', packets = '', ...rest]) => {
      const place = placeOf([who, table, chain]);
      if (!place || !/^(-|\d{1,19})$/.test(packets)) return [];
      const rule = split(rest.join('\t'));
      return [
        {
          ...place,
          ...rule,
          policy: tag === 'policy',
          words:
            tag === 'policy' || place.backend === 'nft' || rule.text.endsWith(' ...') ? null : ruleWords(rule.text),
          match: tag === 'policy' ? null : matchOf(place.backend, rule.text),
          packets: packets === '-' ? null : Number(packets),
        },
      ];
    });
  const ways = of('way').flatMap(([who = '', table = '', chain = '', ...rest]) => {
    const place = placeOf([who, table, chain]);
    const rule = split(rest.join('\t')).text;
    const match = place ? matchOf(place.backend, rule) : null;
    return match ? [{ key: `${who}\t${table}`, rule: { chain, text: rule, match } satisfies ForwardRule }] : [];
  });
  const forward = of('fwd').flatMap(([who = '', table = '', chain = '', policy = '']): ForwardChain[] => {
    const place = placeOf([who, table, chain]);
    if (!place || (policy !== 'ACCEPT' && policy !== 'DROP')) return [];
    return [{ ...place, policy, rules: ways.filter((w) => w.key === `${who}\t${table}`).map((w) => w.rule) }];
  });
  return {
    seen,
    blind: failed.flatMap(([who = '', ...why]) => (seen.includes(who) ? [] : [why.join(' ')])),
    drops: [...drops('rule'), ...drops('policy')],
    forward,
    hints: of('tool').map(([who = '', table = '', chain = '']) => `${who.split(' ')[1] ?? ''} ${table} ${chain}`),
    cut: of('cut').length > 0,
    cutWay: of('cutway').length > 0,
  };
};
