import { type GapKind, known } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { type Backend, iptablesRules, type RuleSet, type UnreadSet } from '../../facts/iptables/rules.ts';
import { metricsAddress } from '../../facts/kube-proxy/metrics-address.ts';
import { ip } from '../../parsers/ip.ts';
import { parseIptablesRule } from '../../parsers/iptables-rule.ts';
import { iptablesLines } from './iptables-lines.ts';
import { iptablesRead } from './rules-script.ts';

const backendOf = (text: string | undefined): Backend => (text === 'legacy' ? 'legacy' : 'nft');
const familyOf = (text: string | undefined): RuleSet['family'] => (text === 'ipv6' ? 'ipv6' : 'ipv4');

const kindOf = (kind: string | undefined, detail: string): GapKind => {
  if (kind === 'tool-missing' || kind === 'unsupported' || kind === 'forbidden') return kind;
  if (/permission denied|not permitted|must be root/i.test(detail)) return 'forbidden';
  return /^no answer within/.test(detail) ? 'timeout' : 'failed';
};

type Building = { -readonly [K in keyof RuleSet]: RuleSet[K] extends readonly (infer E)[] ? E[] : RuleSet[K] };

/** See the script: a line `set`, and behind it what that set has. */
export const rulesProc = probe({
  yields: iptablesRules,
  via: 'proc',
  reads: { all: iptablesRead },
  params: params({
    from: { metricsAddress },
    vars: (maybe): Record<string, string> =>
      maybe.metricsAddress.ok ? { proxy_metrics: maybe.metricsAddress.value } : {},
  }),
  parse: ({ all }) => {
    const lines = iptablesLines(all);
    if (!lines.ok) return lines;
    const sets: Building[] = [];
    const unread: UnreadSet[] = [];
    for (const [tag, a = '', b = '', ...rest] of lines.value) {
      const set = sets.at(-1);
      const [c = '', d = '', ...e] = rest;
      if (tag === 'set') {
        const common = { chains: [], dangling: [], rules: [], destinations: [], cut: false };
        sets.push({ backend: backendOf(a), family: familyOf(b), tool: c, ...common });
      } else if (tag === 'unread') {
        const detail = e.join(' ');
        unread.push({ backend: backendOf(a), family: familyOf(b), kind: kindOf(c, detail), detail, tables: d });
      } else if (!set) continue;
      else if (tag === 'chains' && /^\d+$/.test(c) && /^\d+$/.test(d))
        set.chains.push({ table: a, name: b, chains: Number(c), rules: Number(d) });
      else if (tag === 'dangling') set.dangling.push({ table: a, from: b, to: c });
      else if (tag === 'rule') {
        const text = [b, ...rest].join('\t');
        const rule = parseIptablesRule(text);
        if (rule) set.rules.push({ table: a, ...rule, text });
        else set.cut = true;
      } else if (tag === 'to') set.destinations.push(...a.split(' ').flatMap((x) => ip(x) ?? []));
      else if (tag === 'cut') set.cut = true;
    }
    return known({ sets, unread });
  },
});
