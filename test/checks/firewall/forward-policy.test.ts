import { forwardPolicy } from '../../../src/checks/firewall/forward-policy.ts';
import { type ForwardChain, forwardChains } from '../../../src/facts/firewall/forward-chains.ts';
import { type Agent, agents } from '../../../src/facts/node/agents.ts';
import { podNetworks } from '../../../src/facts/node/pod-networks.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { parseIptablesMatch } from '../../../src/parsers/iptables-match.ts';
import { parseNftRule } from '../../../src/parsers/nft-rule.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const kubelet: Agent = { pid: 7, name: 'kubelet', flags: {}, config: {} };
const node = given(agents, [kubelet]);
const nets = given(podNetworks, ['10.244.1.0/24']);

const iptables = (
  policy: 'ACCEPT' | 'DROP',
  rules: readonly string[],
  more: Partial<ForwardChain> = {},
): ForwardChain => ({
  backend: 'iptables-nft',
  family: 'ip',
  table: 'filter',
  chain: 'FORWARD',
  tool: 'iptables-nft',
  policy,
  rules: rules.flatMap((text) => {
    const match = parseIptablesMatch(text);
    return match ? [{ chain: text.split(' ')[1] ?? '', text, match }] : [];
  }),
  ...more,
});
const nft = (policy: 'ACCEPT' | 'DROP', rules: readonly (readonly [string, string])[]): ForwardChain => ({
  ...iptables(policy, []),
  backend: 'nft',
  family: 'inet',
  table: 'hard',
  chain: 'fwd',
  tool: 'nft',
  rules: rules.map(([chain, text]) => ({ chain, text, match: parseNftRule(text) })),
});
const chains = (...list: ForwardChain[]) => given(forwardChains, { chains: list, blind: [], cut: false });
const kubeForward = [
  '-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
  '-A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES',
  '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
  '-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT',
  '-A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
];
const docker = [
  '-A FORWARD -j DOCKER-USER',
  '-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-A FORWARD -i docker0 ! -o docker0 -j ACCEPT',
  '-A FORWARD -o docker0 -j DOCKER',
  '-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
  '-A DOCKER-USER -j RETURN',
];

testCheck(forwardPolicy, [
  {
    name: 'policy DROP, and nothing of the CNI',
    facts: [node, nets, chains(iptables('DROP', [...kubeForward, ...docker]))],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'dropped-by-policy',
      message: /FORWARD has the policy DROP, .*10\.244\.1\.0\/24.*KUBE-FORWARD lets replies/,
      data: { kubeForward: true },
      now: ['iptables-nft -A FORWARD -s 10.244.1.0/24 -j ACCEPT', 'iptables-nft -A FORWARD -d 10.244.1.0/24 -j ACCEPT'],
    },
  },
  {
    name: 'policy DROP and nothing else, in IPv6; IPv4 is not of pods here',
    facts: [
      node,
      given(podNetworks, ['fd00:1::/64']),
      chains(iptables('DROP', []), iptables('DROP', [], { family: 'ip6', tool: 'ip6tables-nft' })),
    ],
    expect: {
      status: 'fail',
      severity: 'error',
      message: /KUBE-FORWARD does not stand before/,
      data: { family: 'ip6', kubeForward: false },
      now: ['ip6tables-nft -A FORWARD -s fd00:1::/64 -j ACCEPT', 'ip6tables-nft -A FORWARD -d fd00:1::/64 -j ACCEPT'],
    },
  },
  {
    name: 'the rule that drops all comes before those of the CNI, as on some cloud images',
    facts: [
      node,
      nets,
      chains(
        iptables('ACCEPT', [
          '-A FORWARD -j REJECT --reject-with icmp-host-prohibited',
          ...kubeForward,
          '-A FORWARD -s 10.244.0.0/16 -j ACCEPT',
        ]),
      ),
    ],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'dropped-by-rule',
      message: /ends with a rule that drops all \(-A FORWARD -j REJECT/,
      now: ['iptables-nft -I FORWARD -s 10.244.1.0/24 -j ACCEPT', 'iptables-nft -I FORWARD -d 10.244.1.0/24 -j ACCEPT'],
    },
  },
  {
    name: 'a chain of nft with policy drop',
    facts: [
      node,
      nets,
      chains(iptables('ACCEPT', []), nft('DROP', [['fwd', 'ct state { established, related } accept']])),
    ],
    expect: {
      status: 'fail',
      severity: 'error',
      data: { backend: 'nft' },
      now: [
        'nft add rule inet hard fwd ip saddr 10.244.1.0/24 accept',
        'nft add rule inet hard fwd ip daddr 10.244.1.0/24 accept',
      ],
    },
  },
  {
    name: 'a chain of nft that ends with reject',
    facts: [
      node,
      nets,
      chains(
        nft('ACCEPT', [
          ['fwd', 'jump more'],
          ['more', 'counter packets 5 bytes 300 reject with icmpx admin-prohibited'],
        ]),
      ),
    ],
    expect: { status: 'fail', severity: 'error', messageId: 'dropped-by-rule', data: { policy: 'ACCEPT' } },
  },
  {
    name: 'policy DROP of nft, and the networks are not known',
    facts: [node, gap(podNetworks, 'absent'), chains(nft('DROP', []))],
    expect: { status: 'fail', severity: 'error', now: ["nft chain inet hard fwd '{ policy accept ; }'"] },
  },
  {
    name: 'policy DROP, and the networks are not known',
    facts: [node, gap(podNetworks, 'absent'), chains(iptables('DROP', []))],
    expect: { status: 'fail', severity: 'error', now: ['iptables-nft -P FORWARD ACCEPT'] },
  },
  ...(
    [
      ['flannel', ['-A FORWARD -j FLANNEL-FWD', '-A FLANNEL-FWD -s 10.244.0.0/16 -j ACCEPT']],
      ['the firewall plugin', ['-A FORWARD -j CNI-FORWARD', '-A CNI-FORWARD -s 10.244.1.7/32 -j ACCEPT']],
      ['Calico', ['-A FORWARD -m comment --comment "cali:S9" -m mark --mark 0x10000/0x10000 -j ACCEPT']],
      ['GKE', ['-A FORWARD -p tcp -j ACCEPT']],
      ['a bridge', ['-A FORWARD -i cni0 -j ACCEPT']],
      ['all', ['-A FORWARD -j ACCEPT']],
    ] as const
  ).map(([name, rules]) => ({
    name: `policy DROP, and ${name} accepts`,
    facts: [node, nets, chains(iptables('DROP', [...docker, ...kubeForward, ...rules]))],
    expect: { status: 'pass', message: /pods are accepted: -A/ } as const,
  })),
  ...(
    [
      ['some ports only', ['-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT']],
      ['by a set', ['-A FORWARD -m set --match-set pods src -j ACCEPT']],
      ['by a link that may be of pods', ['-A FORWARD -o eth0 -j ACCEPT']],
      ['in a chain that is come to by a condition', ['-A FORWARD -m physdev --x -j MINE', '-A MINE -j ACCEPT']],
    ] as const
  ).map(([name, rules]) => ({
    name: `policy DROP, and accepted are ${name}`,
    facts: [node, nets, chains(iptables('DROP', [...kubeForward, ...rules]))],
    expect: { status: 'unknown', message: /accepts all of pods is not known/ } as const,
  })),
  {
    name: 'by an address, where the networks are not known',
    facts: [node, gap(podNetworks, 'absent'), chains(iptables('DROP', ['-A FORWARD -s 10.1.0.0/16 -j ACCEPT']))],
    expect: { status: 'unknown' },
  },
  {
    name: 'another network only',
    facts: [
      node,
      nets,
      chains(iptables('DROP', ['-A FORWARD -s 10.1.0.0/16 -j ACCEPT', '-A FORWARD -p icmp -j ACCEPT'])),
    ],
    expect: { status: 'fail', severity: 'error' },
  },
  {
    name: 'what is dropped in a chain of one link is not all',
    facts: [
      node,
      nets,
      chains(
        iptables('DROP', ['-A FORWARD -i cni1 -j ONE', '-A ONE -j DROP', '-A FORWARD -s 10.244.1.0/24 -j ACCEPT']),
      ),
    ],
    expect: { status: 'pass' },
  },
  {
    name: 'too many rules to tell',
    facts: [node, nets, given(forwardChains, { chains: [iptables('DROP', [])], blind: [], cut: true })],
    expect: { status: 'unknown', message: /too many rules/ },
  },
  {
    name: 'policy ACCEPT',
    facts: [node, nets, chains(iptables('ACCEPT', []))],
    expect: { status: 'pass', message: /^none of 1 base chains/ },
  },
  {
    name: 'policy ACCEPT, and not all could be seen',
    facts: [
      node,
      nets,
      given(forwardChains, { chains: [iptables('ACCEPT', [])], blind: ['nft: not found'], cut: false }),
    ],
    expect: { status: 'unknown', message: /nft: not found/ },
  },
  {
    name: 'no chains',
    facts: [node, nets, chains()],
    expect: { status: 'not-applicable', message: /no chain/ },
  },
  {
    name: 'Cilium',
    facts: [given(agents, [kubelet, { ...kubelet, name: 'cilium-agent' }])],
    expect: { status: 'not-applicable', message: /Cilium/ },
  },
  {
    name: 'no node',
    facts: [given(agents, [])],
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a kubelet of another name: the API knows the node',
    facts: [given(agents, []), given(pods, []), nets, chains(iptables('ACCEPT', []))],
    expect: { status: 'pass' },
  },
  {
    name: 'the rules could not be read',
    facts: [node, nets, gap(forwardChains, 'failed')],
    expect: { status: 'unknown' },
  },
]);
