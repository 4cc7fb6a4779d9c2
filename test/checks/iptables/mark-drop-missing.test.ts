import { markDropMissing } from '../../../src/checks/iptables/mark-drop-missing.ts';
import { clusterVersion } from '../../../src/facts/cluster/version.ts';
import { type IptablesRules, iptablesRules } from '../../../src/facts/iptables/rules.ts';
import { iptablesTools } from '../../../src/facts/iptables/tools.ts';
import { proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { kubeProxyProcess } from '../../../src/facts/kube-proxy/process.ts';
import { kubernetesVersionOf } from '../../../src/lib/kubernetes-version.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { modeOf, processOf, rulesOf, setOf, toolsOf } from './sets.ts';

const facts = (
  rules: IptablesRules,
  version: string | null,
  o: { mode?: 'ipvs' | 'iptables' | 'nftables' | 'none'; proxy?: 'legacy' | 'nft' | null; server?: string } = {},
): Given[] => {
  const server = kubernetesVersionOf(o.server ?? '');
  return [
    given(proxyMode, modeOf(o.mode ?? 'iptables')),
    given(iptablesRules, rules),
    given(iptablesTools, toolsOf('nft', o.proxy === undefined ? 'nft' : o.proxy)),
    given(kubeProxyProcess, processOf(version)),
    ...(server ? [given(clusterVersion, server)] : []),
  ];
};
const old = { 'nat KUBE-SERVICES': [1, 5] } as const;
const withChain = setOf('nft', { ...old, 'nat KUBE-MARK-DROP': [1, 1] });
const without = setOf('nft', old);
const now = [
  'iptables-nft -w -t nat -N KUBE-MARK-DROP && iptables-nft -w -t nat -A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000',
];

testCheck(markDropMissing, [
  {
    name: '1.25 needs none',
    facts: facts(rulesOf(without), 'v1.25.0'),
    expect: { status: 'pass', message: /v1\.25\.0 needs no/ },
  },
  {
    name: '1.24 does',
    facts: facts(rulesOf(without), 'v1.24.17'),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'needed',
      data: { backend: 'nft', kubeProxyVersion: 'v1.24.17' },
      now,
    },
  },
  {
    name: 'incident I2: kubelet made it in nft, kube-proxy looks in legacy',
    facts: facts(rulesOf(setOf('legacy', old), setOf('nft', { 'nat KUBE-MARK-DROP': [1, 1] })), 'v1.13.10', {
      mode: 'ipvs',
      proxy: 'legacy',
    }),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'needed',
      data: { backend: 'legacy' },
      message: /before 1\.16\.10/,
    },
  },
  { name: '1.24 that has it', facts: facts(rulesOf(withChain), 'v1.24.17'), expect: { status: 'pass' } },
  {
    name: 'a jump to a chain that is not there, whatever the version',
    facts: facts(
      rulesOf(setOf('nft', old, [], { dangling: [{ table: 'nat', from: 'KUBE-FW-X', to: 'KUBE-MARK-DROP' }] })),
      'v1.34.4',
    ),
    expect: { status: 'fail', severity: 'error', messageId: 'dangling', message: /KUBE-FW-X jumps to it/, now },
  },
  {
    name: 'two such jumps',
    facts: facts(
      rulesOf(
        setOf('nft', old, [], {
          dangling: ['A', 'B'].map((x) => ({ table: 'nat', from: `KUBE-FW-${x}`, to: 'KUBE-MARK-DROP' })),
        }),
      ),
      null,
    ),
    expect: { status: 'fail', severity: 'error', message: /KUBE-FW-A, KUBE-FW-B jump to it/ },
  },
  {
    name: 'no version, but a chain that came with 1.26',
    facts: facts(rulesOf(setOf('nft', { ...old, 'filter KUBE-PROXY-FIREWALL': [1, 0] })), null),
    expect: { status: 'pass', message: /1\.26 or newer/ },
  },
  {
    name: 'no version, an API server that allows only newer ones',
    facts: facts(rulesOf(without), null, { server: 'v1.28.0' }),
    expect: { status: 'pass', message: /v1\.28\.0 cluster/ },
  },
  {
    name: 'no version, an older API server',
    facts: facts(rulesOf(without), null, { server: 'v1.27.9' }),
    expect: { status: 'unknown' },
  },
  {
    name: 'no version, but the chain is there',
    facts: facts(rulesOf(withChain), null, { proxy: null }),
    expect: { status: 'pass' },
  },
  {
    name: 'no version, no chains',
    facts: facts(rulesOf(), null, { proxy: null }),
    expect: { status: 'unknown', message: /no chains/ },
  },
  {
    name: 'its backend could not be read',
    facts: facts(
      {
        sets: [],
        unread: [
          { backend: 'legacy', family: 'ipv4', kind: 'tool-missing', detail: 'no iptables-legacy-save', tables: 'nat' },
        ],
      },
      'v1.13.10',
      { proxy: 'legacy' },
    ),
    expect: { status: 'unknown', message: /no iptables-legacy-save/ },
  },
  {
    name: 'nftables mode',
    facts: facts(rulesOf(), 'v1.34.4', { mode: 'nftables' }),
    expect: { status: 'not-applicable' },
  },
  { name: 'no kube-proxy', facts: facts(rulesOf(), null, { mode: 'none' }), expect: { status: 'not-applicable' } },
  {
    name: 'no rules read',
    facts: [given(proxyMode, modeOf('ipvs')), gap(iptablesRules)],
    expect: { status: 'unknown' },
  },
]);
