import { rulesMissing } from '../../../src/checks/kube-proxy/rules-missing.ts';
import { type IptablesRules, iptablesRules, type RuleSet } from '../../../src/facts/iptables/rules.ts';
import { type ClusterIpSet, clusterIpSets } from '../../../src/facts/ipvs/cluster-ip-sets.ts';
import { virtualServers } from '../../../src/facts/ipvs/virtual-servers.ts';
import { proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { type NftTable, nftTables } from '../../../src/facts/kube-proxy/nft-tables.ts';
import { type KubeProxyProcess, kubeProxyProcess } from '../../../src/facts/kube-proxy/process.ts';
import { proxySync } from '../../../src/facts/kube-proxy/sync.ts';
import { type ClusterIp, clusterIps } from '../../../src/facts/services/cluster-ips.ts';
import { type Case, type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { modeOf, natRules, processOf, rulesOf, services, setOf } from '../iptables/sets.ts';
import { sync } from './sample-sync.ts';

const api: ClusterIp = { ip: '10.96.0.1', service: 'default/kubernetes', ageSeconds: 90000 };
const dns: ClusterIp = { ip: '10.96.0.10', service: 'kube-system/kube-dns', ageSeconds: 300 };
const dns6: ClusterIp = { ip: 'fd00::a', service: 'kube-system/kube-dns', ageSeconds: 300 };
const asked = (...ips: readonly ClusterIp[]): Given => given(clusterIps, ips);
const notAsked = gap(clusterIps, 'not-chosen');
const vips = ['10.96.0.1', '10.96.0.10'];

interface Node {
  readonly ips?: Given;
  readonly process?: KubeProxyProcess | null;
  readonly sync?: Given;
}
const common = (mode: 'iptables' | 'ipvs' | 'nftables', o: Node): Given[] => [
  given(proxyMode, modeOf(mode)),
  given(kubeProxyProcess, o.process === undefined ? processOf('v1.34.4') : o.process),
  o.ips ?? asked(api, dns),
  o.sync ?? given(proxySync, sync()),
];

const whole = setOf('nft', services, natRules, { destinations: vips });
const six: Partial<RuleSet> = { family: 'ipv6', tool: 'ip6tables-nft-save' };
const iptables = (rules: IptablesRules, o: Node = {}): Given[] => [
  ...common('iptables', o),
  given(iptablesRules, rules),
];
const flushed = setOf('nft', { 'nat KUBE-SERVICES': [1, 0] }, natRules);
const lacking = (n: number): RuleSet =>
  setOf(
    'nft',
    services,
    natRules.filter((_, i) => i !== n),
    { destinations: vips },
  );
const hidden: IptablesRules['unread'] = [
  { backend: 'legacy', family: 'ipv4', kind: 'tool-missing', detail: 'no iptables-legacy-save', tables: 'nat' },
];

const inIptablesMode: readonly Case[] = [
  { name: 'iptables: all there', facts: iptables(rulesOf(whole)), expect: { status: 'pass' } },
  {
    name: 'iptables: all there, a family that serves nothing beside it',
    facts: iptables(rulesOf(whole, setOf('nft', {}, natRules, six))),
    expect: { status: 'pass' },
  },
  {
    name: 'iptables: all there in legacy, without the API',
    facts: iptables(rulesOf(setOf('legacy', services, natRules, { destinations: vips })), { ips: notAsked }),
    expect: { status: 'pass', message: /was not asked/ },
  },
  {
    name: 'iptables: what every cluster needs is there, without the API, and kube-proxy fails to write more',
    facts: iptables(rulesOf(whole), {
      ips: notAsked,
      sync: given(proxySync, sync({ health: { answer: 'answered', healthy: false, text: '' } })),
    }),
    expect: { status: 'unknown', message: /was not asked, and kube-proxy does not get its rules written$/ },
  },
  {
    name: 'iptables: what every cluster needs is there, without the API, and nobody knows how kube-proxy fares',
    facts: iptables(rulesOf(whole), { ips: notAsked, sync: gap(proxySync, 'tool-missing') }),
    expect: { status: 'unknown', message: /could not be read$/ },
  },
  {
    name: 'iptables: chains flushed',
    facts: iptables(rulesOf(flushed)),
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'no-rules',
      data: { mode: 'iptables', missing: ['no-rules'] },
      now: ['kill -9 51'],
    },
  },
  {
    name: 'iptables: chains flushed, IPv6 still there',
    facts: iptables(rulesOf(flushed, setOf('nft', services, natRules, { ...six, destinations: ['fd00::a'] })), {
      ips: asked(api, dns, dns6),
    }),
    expect: { status: 'fail', severity: 'critical', messageId: 'no-rules', message: /\(ipv4\)/ },
  },
  {
    name: 'iptables: no tables at all, no API, kube-proxy inside something else',
    facts: iptables(rulesOf(), { ips: notAsked, process: null }),
    expect: { status: 'fail', severity: 'critical', messageId: 'no-rules', message: /no rule of KUBE-SERVICES/ },
  },
  {
    name: 'iptables: one Service of five minutes has no rule',
    facts: iptables(rulesOf(setOf('nft', services, natRules, { destinations: ['10.96.0.1'] }))),
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'vip-missing',
      message: /10\.96\.0\.10 \(kube-system\/kube-dns\)/,
    },
  },
  {
    name: 'iptables: a younger one may still come',
    facts: iptables(rulesOf(setOf('nft', services, natRules, { destinations: ['10.96.0.1'] })), {
      ips: asked(api, { ...dns, ageSeconds: 299 }),
    }),
    expect: { status: 'pass' },
  },
  {
    name: 'iptables: many Services lack rules, of unknown age',
    facts: iptables(rulesOf(whole), {
      ips: asked(api, ...[1, 2, 3, 4].map((n) => ({ ip: `10.96.1.${n}`, service: `a/${n}`, ageSeconds: null }))),
    }),
    expect: { status: 'fail', severity: 'critical', messageId: 'vip-missing', message: /and 1 more/ },
  },
  {
    name: 'iptables: OUTPUT does not lead there',
    facts: iptables(rulesOf(lacking(1))),
    expect: { status: 'fail', severity: 'critical', messageId: 'hook-missing', message: /^OUTPUT does not lead/ },
  },
  {
    name: 'iptables: nothing leads to KUBE-POSTROUTING',
    facts: iptables(rulesOf(lacking(2))),
    expect: { status: 'fail', severity: 'critical', messageId: 'masquerade-missing' },
  },
  {
    name: 'iptables: nothing masquerades',
    facts: iptables(rulesOf(lacking(4))),
    expect: { status: 'fail', severity: 'critical', messageId: 'masquerade-missing', message: /where their source/ },
  },
  {
    name: 'iptables: kube-proxy of 59 s may be at work',
    facts: iptables(rulesOf(flushed), { process: processOf('v1.34.4', { ageSeconds: 59 }) }),
    expect: { status: 'unknown', message: /started 59 s ago/ },
  },
  {
    name: 'iptables: of 60 s has had its time',
    facts: iptables(rulesOf(flushed), { process: processOf('v1.34.4', { ageSeconds: 60 }) }),
    expect: { status: 'fail', severity: 'critical' },
  },
  {
    name: 'iptables: what is missing may be in a backend that could not be read',
    facts: iptables({ sets: [flushed], unread: hidden }),
    expect: { status: 'unknown', message: /no iptables-legacy-save/ },
  },
  {
    name: 'iptables: nothing missing, whatever could not be read',
    facts: iptables({ sets: [whole], unread: hidden }),
    expect: { status: 'pass' },
  },
  {
    name: 'iptables: more addresses than are taken',
    facts: iptables(rulesOf({ ...whole, destinations: ['10.96.0.1'], cut: true })),
    expect: { status: 'unknown', message: /more than netdoctor takes/ },
  },
  {
    name: 'iptables: rules not read',
    facts: [...common('iptables', {}), gap(iptablesRules)],
    expect: { status: 'unknown' },
  },
  {
    name: 'iptables: Services not readable',
    facts: iptables(rulesOf(whole), { ips: gap(clusterIps, 'forbidden') }),
    expect: { status: 'unknown' },
  },
];

const marks =
  'nat -A KUBE-SERVICES ! -s 10.244.0.0/16 -m comment --comment "x" -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ';
const ipvsRules = setOf('nft', { 'nat KUBE-SERVICES': [1, 4] }, [...natRules, marks]);
const ipset = (ips: readonly string[] | null): readonly ClusterIpSet[] => [
  { family: 'ipv4', name: 'KUBE-CLUSTER-IP', ips },
  { family: 'ipv6', name: 'KUBE-6-CLUSTER-IP', ips: [] },
];
const ipvs = (
  o: Node & { readonly servers?: number; readonly sets?: readonly ClusterIpSet[]; readonly rules?: IptablesRules } = {},
): Given[] => [
  ...common('ipvs', o),
  given(virtualServers, { count: o.servers ?? 4, nodePorts: [] }),
  given(clusterIpSets, o.sets ?? ipset(vips)),
  given(iptablesRules, o.rules ?? rulesOf(ipvsRules)),
];
const table: NftTable = { family: 'ipv4', services: 4, ips: vips, masquerades: true, hooked: true };
const table6: NftTable = { family: 'ipv6', services: 0, ips: [], masquerades: true, hooked: true };
const nftables = (tables: readonly NftTable[], o: Node = {}): Given[] => [
  ...common('nftables', o),
  given(nftTables, tables),
];

testCheck(rulesMissing, [
  ...inIptablesMode,
  { name: 'ipvs: all there', facts: ipvs(), expect: { status: 'pass' } },
  { name: 'ipvs: all there, without the API', facts: ipvs({ ips: notAsked }), expect: { status: 'pass' } },
  {
    name: 'ipvs: no virtual servers',
    facts: ipvs({ servers: 0 }),
    expect: { status: 'fail', severity: 'critical', messageId: 'no-servers', message: /addresses fail\.$/ },
  },
  {
    name: 'ipvs: no set',
    facts: ipvs({ sets: ipset(null) }),
    expect: { status: 'fail', severity: 'critical', messageId: 'set-missing', message: /where their source/ },
  },
  {
    name: 'ipvs: an empty set, without the API',
    facts: ipvs({ sets: ipset([]), ips: notAsked }),
    expect: { status: 'fail', severity: 'critical', messageId: 'set-empty' },
  },
  {
    name: "ipvs: a set without the apiserver's address",
    facts: ipvs({ sets: ipset(['10.96.0.10']) }),
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'vip-missing',
      message: /lacks 10\.96\.0\.1 \(default\/kubernetes\)/,
    },
  },
  {
    name: 'ipvs: nothing marks',
    facts: ipvs({ rules: rulesOf(setOf('nft', {}, natRules)) }),
    expect: { status: 'fail', severity: 'critical', messageId: 'mark-missing' },
  },
  {
    name: 'ipvs: no tables of iptables',
    facts: ipvs({ rules: rulesOf() }),
    expect: {
      status: 'fail',
      severity: 'critical',
      data: { missing: ['mark-missing', 'hook-missing', 'hook-missing', 'masquerade-missing'] },
    },
  },
  {
    name: 'ipvs: what is missing in iptables may be in the other backend; virtual servers may not',
    facts: ipvs({ servers: 0, rules: { sets: [], unread: hidden } }),
    expect: { status: 'fail', severity: 'critical', data: { missing: ['no-servers'] } },
  },
  {
    name: 'ipvs: the set not read',
    facts: [
      ...common('ipvs', {}),
      given(virtualServers, { count: 4, nodePorts: [] }),
      gap(clusterIpSets, 'tool-missing'),
    ],
    expect: { status: 'unknown' },
  },
  { name: 'nftables: all there', facts: nftables([table, table6]), expect: { status: 'pass' } },
  {
    name: 'nftables: all there, without the API',
    facts: nftables([table], { ips: notAsked }),
    expect: { status: 'pass' },
  },
  {
    name: 'nftables: no table',
    facts: nftables([]),
    expect: { status: 'fail', severity: 'critical', messageId: 'no-table' },
  },
  {
    name: 'nftables: no table, without the API',
    facts: nftables([], { ips: notAsked }),
    expect: { status: 'fail', severity: 'critical', messageId: 'no-table' },
  },
  {
    name: 'nftables: only the IPv6 table',
    facts: nftables([table6]),
    expect: { status: 'fail', severity: 'critical', messageId: 'no-table', message: /\(ipv4\)/ },
  },
  {
    name: 'nftables: empty maps',
    facts: nftables([{ ...table, ips: [], services: 0 }]),
    expect: { status: 'fail', severity: 'critical', messageId: 'no-rules' },
  },
  {
    name: 'nftables: an address missing, no hook, nothing masquerades',
    facts: nftables([{ ...table, ips: ['10.96.0.1'], hooked: false, masquerades: false }]),
    expect: {
      status: 'fail',
      severity: 'critical',
      data: { missing: ['vip-missing', 'hook-missing', 'masquerade-missing'] },
    },
  },
  {
    name: 'nftables: an IPv6 cluster',
    facts: nftables([{ ...table6, ips: ['fd00::b'], services: 1 }], {
      ips: asked({ ...dns6, service: 'default/kubernetes' }),
    }),
    expect: { status: 'fail', severity: 'critical', messageId: 'vip-missing' },
  },
  {
    name: 'no kube-proxy',
    facts: [given(proxyMode, modeOf('none'))],
    expect: { status: 'not-applicable' },
  },
]);
