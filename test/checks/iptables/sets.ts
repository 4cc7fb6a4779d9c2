import type { IptablesRules, RuleSet } from '../../../src/facts/iptables/rules.ts';
import type { IptablesTools } from '../../../src/facts/iptables/tools.ts';
import type { ProxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import type { KubeProxyProcess } from '../../../src/facts/kube-proxy/process.ts';
import { parseIptablesRule } from '../../../src/parsers/iptables-rule.ts';

type Counts = Readonly<Record<string, readonly [chains: number, rules: number]>>;

/** A set of rules; chains are named "nat KUBE-SERVICES". */
export const setOf = (
  backend: RuleSet['backend'],
  chains: Counts,
  rules: readonly string[] = [],
  more: Partial<RuleSet> = {},
): RuleSet => ({
  backend,
  family: 'ipv4',
  tool: `iptables-${backend}-save`,
  chains: Object.entries(chains).map(([key, [count, inThem]]) => {
    const [table = '', name = ''] = key.split(' ');
    return { table, name, chains: count, rules: inThem };
  }),
  dangling: [],
  rules: rules.map((line) => {
    const [table = '', ...rest] = line.split(' ');
    const text = rest.join(' ');
    return { table, chain: '', words: [], ...parseIptablesRule(text), text };
  }),
  destinations: [],
  cut: false,
  ...more,
});

/** kubelet's own chains. */
export const kubelet: Counts = { 'mangle KUBE-IPTABLES-HINT': [1, 0], 'mangle KUBE-KUBELET-CANARY': [1, 0] };
/** kube-proxy's in iptables mode. */
export const services: Counts = {
  'nat KUBE-SERVICES': [1, 5],
  'nat KUBE-SVC-*': [4, 8],
  'nat KUBE-SEP-*': [4, 8],
  'filter KUBE-PROXY-FIREWALL': [1, 0],
};
/** What leads there, and masquerades. */
export const natRules: readonly string[] = [
  'nat -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  'nat -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  'nat -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  'nat -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
  'nat -A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
];

/** No part could not be read. */
export const rulesOf = (...sets: readonly RuleSet[]): IptablesRules => ({ sets, unread: [] });

/** kube-proxy's mode. */
export const modeOf = (mode: ProxyMode['mode'], replacedBy: string | null = null): ProxyMode => ({
  mode,
  source: 'test',
  replacedBy,
  leftoverServers: 0,
});

/** kube-proxy in a pod, up for an hour. */
export const processOf = (version: string | null, more: Partial<KubeProxyProcess> = {}): KubeProxyProcess => ({
  pid: 51,
  name: 'kube-proxy',
  ageSeconds: 3600,
  runBy: { kind: 'pod' },
  version,
  ...more,
});

/** The host's iptables and kube-proxy's. */
export const toolsOf = (host: RuleSet['backend'], proxy: RuleSet['backend'] | null): IptablesTools => ({
  host: { backend: host, text: `iptables v1.8.9 (${host === 'nft' ? 'nf_tables' : 'legacy'})` },
  proxy: proxy && {
    backend: proxy,
    path: '/usr/sbin/iptables',
    file: `/usr/sbin/xtables-${proxy}-multi`,
    version: '1.8.7',
  },
});
