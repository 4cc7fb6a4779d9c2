import { nftVersionSkew } from '../../../src/checks/iptables/nft-version-skew.ts';
import { type IptablesRules, iptablesRules, type RuleSet } from '../../../src/facts/iptables/rules.ts';
import { iptablesTools } from '../../../src/facts/iptables/tools.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { rulesOf, setOf, toolsOf } from './sets.ts';

const facts = (rules: IptablesRules, tools = toolsOf('nft', 'nft')): Given[] => [
  given(iptablesRules, rules),
  given(iptablesTools, tools),
];
const firewall = { 'filter KUBE-FIREWALL': [1, 1] } as const;
const martian =
  'filter -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP';
const marked =
  'filter -A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP';
const bare = 'filter -A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -j DROP';
const led = ['filter -A INPUT -j KUBE-FIREWALL', 'filter -A OUTPUT -j KUBE-FIREWALL'];
const set = (rules: readonly string[], more: Partial<RuleSet> = {}): RuleSet => setOf('nft', firewall, rules, more);

testCheck(nftVersionSkew, [
  {
    name: 'rules with their matches',
    facts: facts(rulesOf(set([...led, marked, martian]))),
    expect: { status: 'pass' },
  },
  {
    name: 'a rule that lost its mark',
    facts: facts(rulesOf(set([...led, martian, bare]))),
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'drops-all',
      data: { from: ['INPUT', 'OUTPUT'], host: 'iptables v1.8.9 (nf_tables)', kubeProxy: '1.8.7' },
      message: /that passes INPUT and OUTPUT: the node is cut off.*xtables-nft-multi 1\.8\.7/,
      now: [
        "iptables-nft -w -t filter -D KUBE-FIREWALL -m comment --comment 'kubernetes firewall for dropping marked packets' -j DROP",
      ],
    },
  },
  {
    name: 'without comment, in a chain that nothing leads to yet, and no version known',
    facts: facts(rulesOf(set(['filter -A KUBE-FIREWALL -j DROP'], { family: 'ipv6', tool: 'ip6tables-save' })), {
      host: null,
      proxy: null,
    }),
    expect: {
      status: 'fail',
      severity: 'error',
      message: /as soon as a chain leads to it.*no iptables, kube-proxy one that could not be seen/,
      now: ['ip6tables -w -t filter -D KUBE-FIREWALL -j DROP'],
    },
  },
  {
    name: 'a comment is no match, whatever it says',
    facts: facts(
      rulesOf(set([...led, 'filter -A KUBE-FIREWALL -m comment --comment "it\'s -m mark --mark 0x8000" -j DROP'])),
    ),
    expect: {
      status: 'fail',
      severity: 'critical',
      now: [`iptables-nft -w -t filter -D KUBE-FIREWALL -m comment --comment 'it'\\''s -m mark --mark 0x8000' -j DROP`],
    },
  },
  {
    name: 'such a rule of another chain is not ours',
    facts: facts(rulesOf(set([...led, 'filter -A KUBE-POSTROUTING -j DROP', marked]))),
    expect: { status: 'pass' },
  },
  {
    name: 'no KUBE-FIREWALL',
    facts: facts(rulesOf(setOf('nft', {}))),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a backend that could not be read',
    facts: facts({
      sets: [set([...led, marked])],
      unread: [{ backend: 'legacy', family: 'ipv4', kind: 'forbidden', detail: 'x', tables: 'nat' }],
    }),
    expect: { status: 'unknown', message: /legacy iptables could not be read/ },
  },
  {
    name: 'more rules than are taken',
    facts: facts(rulesOf(set([...led, marked], { cut: true }))),
    expect: { status: 'unknown' },
  },
  { name: 'no rules read', facts: [gap(iptablesRules, 'timeout')], expect: { status: 'unknown' } },
]);
