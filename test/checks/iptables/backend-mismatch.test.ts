import { backendMismatch } from '../../../src/checks/iptables/backend-mismatch.ts';
import { type IptablesRules, iptablesRules } from '../../../src/facts/iptables/rules.ts';
import { iptablesTools } from '../../../src/facts/iptables/tools.ts';
import { proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { kubeProxyProcess } from '../../../src/facts/kube-proxy/process.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { kubelet, modeOf, processOf, rulesOf, services, setOf, toolsOf } from './sets.ts';

const facts = (rules: IptablesRules, o: Partial<Record<'mode' | 'tools' | 'process', Given>> = {}): Given[] => [
  o.mode ?? given(proxyMode, modeOf('iptables')),
  given(iptablesRules, rules),
  o.tools ?? given(iptablesTools, toolsOf('nft', 'nft')),
  o.process ?? given(kubeProxyProcess, processOf('v1.34.4')),
];
const legacyProxy = given(iptablesTools, toolsOf('nft', 'legacy'));
const unseen = given(iptablesTools, { ...toolsOf('nft', null) });
const hiddenLegacy: IptablesRules['unread'] = [
  { backend: 'legacy', family: 'ipv4', kind: 'tool-missing', detail: 'no iptables-legacy-save', tables: 'nat' },
];
const apart = rulesOf(setOf('legacy', services), setOf('nft', kubelet));
const markDrop = 'filter -A KUBE-FIREWALL -m comment --comment "x" -m mark --mark 0x8000/0x8000 -j DROP';

testCheck(backendMismatch, [
  {
    name: 'both in nft',
    facts: facts(rulesOf(setOf('nft', { ...kubelet, ...services }))),
    expect: { status: 'pass', message: /kubelet and kube-proxy use iptables-nft/ },
  },
  {
    name: 'both in nft, and legacy tables that are empty',
    facts: facts(rulesOf(setOf('legacy', {}), setOf('nft', { ...kubelet, ...services }))),
    expect: { status: 'pass' },
  },
  {
    name: 'both in legacy, and the host of a node without nft tools',
    facts: facts(rulesOf(setOf('legacy', { ...kubelet, ...services })), {
      tools: given(iptablesTools, { host: null, proxy: null }),
    }),
    expect: { status: 'pass', message: /iptables-legacy/ },
  },
  {
    name: 'kubelet has chains in both, as after a change of the host',
    facts: facts(rulesOf(setOf('legacy', kubelet), setOf('nft', { ...kubelet, ...services }))),
    expect: { status: 'pass' },
  },
  {
    name: 'no chain of kubelet anywhere',
    facts: facts(rulesOf(setOf('legacy', services)), { tools: legacyProxy }),
    expect: { status: 'pass', message: /kubelet has no chains/ },
  },
  {
    name: "kube-proxy's own KUBE-FIREWALL is none of kubelet",
    facts: facts(
      rulesOf(setOf('legacy', { ...kubelet, ...services }), setOf('nft', { 'filter KUBE-FIREWALL': [1, 1] })),
      { tools: given(iptablesTools, toolsOf('legacy', 'legacy')) },
    ),
    expect: { status: 'pass' },
  },
  {
    name: 'apart, and kube-proxy older than 1.25',
    facts: facts(apart, { tools: legacyProxy, process: given(kubeProxyProcess, processOf('v1.13.10')) }),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'mismatch',
      data: { kubelet: 'nft', kubeProxy: 'legacy', hostVersion: 'iptables v1.8.9 (nf_tables)' },
      message: /before 1\.25 loads no rules/,
      now: ['kill -9 51'],
    },
  },
  {
    name: 'apart, the version not known',
    facts: facts(rulesOf(setOf('legacy', { 'nat KUBE-SERVICES': [1, 5] }), setOf('nft', kubelet)), {
      tools: legacyProxy,
      process: given(kubeProxyProcess, processOf(null)),
    }),
    expect: { status: 'fail', severity: 'error', message: /not known/ },
  },
  {
    name: 'apart, the version not known, but a chain that came with 1.26',
    facts: facts(apart, { tools: legacyProxy, process: given(kubeProxyProcess, processOf(null)) }),
    expect: { status: 'fail', severity: 'warning', message: /as of 1\.25 needs no chain/ },
  },
  {
    name: 'apart, but a kube-proxy that needs nothing of kubelet and has its rules',
    facts: facts(apart, { tools: legacyProxy, process: given(kubeProxyProcess, processOf('v1.25.0')) }),
    expect: { status: 'fail', severity: 'warning', message: /as of 1\.25 needs no chain/ },
  },
  {
    name: 'apart, a new kube-proxy that has no rules; its unit is restarted',
    facts: facts(rulesOf(setOf('legacy', {}), setOf('nft', kubelet)), {
      tools: legacyProxy,
      process: given(
        kubeProxyProcess,
        processOf('v1.34.4', { name: 'k3s', runBy: { kind: 'unit', unit: 'k3s.service' } }),
      ),
    }),
    expect: {
      status: 'fail',
      severity: 'error',
      message: /kube-proxy in k3s .*0 in legacy, 0 in nft.*this one is newer/,
      now: ["systemctl restart 'k3s.service'"],
    },
  },
  {
    name: 'apart, by the rules alone; an old kubelet, known by its rule for marked packets',
    facts: facts(
      rulesOf(
        setOf('legacy', { 'nat KUBE-SERVICES': [1, 5] }),
        setOf('nft', { 'filter KUBE-FIREWALL': [1, 1] }, [markDrop]),
      ),
      {
        tools: unseen,
        process: given(kubeProxyProcess, null),
      },
    ),
    expect: { status: 'fail', severity: 'error', message: /its iptables could not be seen/ },
  },
  {
    name: 'apart, though the host has no tool that could read legacy (CentOS 8)',
    facts: facts(
      { sets: [setOf('nft', kubelet)], unread: hiddenLegacy },
      {
        tools: legacyProxy,
        process: given(kubeProxyProcess, processOf('v1.13.10', { runBy: null })),
      },
    ),
    expect: { status: 'fail', severity: 'error', message: /legacy could not be read, 0 in nft/ },
  },
  {
    name: 'leftovers in legacy are told as such',
    facts: facts(rulesOf(setOf('legacy', services), setOf('nft', { ...kubelet, ...services }))),
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'leftovers',
      data: { backend: 'legacy', endpointRules: 8 },
      now: [
        "iptables-legacy-save | grep -vE 'KUBE-(SERVICES|EXTERNAL-SERVICES|NODEPORTS|NODE-PORT|SVC-|SVL-|SEP-|EXT-|XLB-|FW-|FORWARD|PROXY-|IPVS-|LOAD-BALANCER|SOURCE-RANGES-FIREWALL|POSTROUTING|MARK-)' | iptables-legacy-restore",
      ],
    },
  },
  {
    name: 'apart, and leftovers beside: the mismatch comes first',
    facts: facts(
      rulesOf(
        setOf('legacy', services),
        setOf('nft', { ...kubelet, 'nat KUBE-SERVICES': [1, 1], 'nat KUBE-SVC-*': [1, 1] }),
      ),
      { tools: given(iptablesTools, toolsOf('legacy', 'legacy')) },
    ),
    expect: { status: 'fail', severity: 'warning', messageId: 'mismatch' },
  },
  {
    name: 'in nftables mode rules for Services in iptables are leftovers',
    facts: facts(rulesOf(setOf('nft', { ...kubelet, 'nat KUBE-SERVICES': [1, 1] })), {
      mode: given(proxyMode, modeOf('nftables')),
    }),
    expect: { status: 'fail', severity: 'warning', messageId: 'leftovers', message: /nftables mode/ },
  },
  {
    name: 'nftables mode without leftovers',
    facts: facts(rulesOf(setOf('nft', kubelet)), { mode: given(proxyMode, modeOf('nftables')) }),
    expect: { status: 'pass' },
  },
  {
    name: 'nftables mode, legacy not readable',
    facts: facts({ sets: [], unread: hiddenLegacy }, { mode: given(proxyMode, modeOf('nftables')) }),
    expect: { status: 'unknown', message: /iptables-legacy could not be read/ },
  },
  {
    name: 'nothing wrong in what could be read, legacy not readable',
    facts: facts({ sets: [setOf('nft', { ...kubelet, ...services })], unread: hiddenLegacy }),
    expect: { status: 'unknown' },
  },
  {
    name: 'a wrapper that has not chosen, and no rules',
    facts: facts(rulesOf(setOf('nft', kubelet)), { tools: unseen }),
    expect: { status: 'unknown', message: /no rules in either backend/ },
  },
  {
    name: 'rules in both, and which are live could not be seen',
    facts: facts(rulesOf(setOf('legacy', services), setOf('nft', services)), { tools: unseen }),
    expect: { status: 'unknown', message: /rules in both/ },
  },
  {
    name: 'another service proxy',
    facts: facts(apart, { mode: given(proxyMode, modeOf('none', 'Cilium')) }),
    expect: { status: 'not-applicable', message: /Cilium replaces it/ },
  },
  {
    name: 'no rules read',
    facts: [given(proxyMode, modeOf('iptables')), gap(iptablesRules, 'timeout')],
    expect: { status: 'unknown' },
  },
  {
    name: 'not chosen',
    facts: [given(proxyMode, modeOf('iptables')), gap(iptablesRules, 'not-chosen')],
    expect: { status: 'skipped' },
  },
]);
