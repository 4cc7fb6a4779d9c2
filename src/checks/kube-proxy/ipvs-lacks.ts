import type { IptablesRules } from '../../facts/iptables/rules.ts';
import type { ClusterIpSet } from '../../facts/ipvs/cluster-ip-sets.ts';
import type { VirtualServers } from '../../facts/ipvs/virtual-servers.ts';
import type { ClusterIp } from '../../facts/services/cluster-ips.ts';
import { targetOf } from '../iptables/target-of.ts';
import { absentVips } from './absent-vips.ts';
import { familiesToJudge } from './families-to-judge.ts';
import { homeFirst } from './home-first.ts';
import type { Lack } from './lack.ts';
import { natLacks } from './nat-lacks.ts';
import { vipWords } from './vip-words.ts';

const lack = (id: string, text: string, source: string, quoted: string, inIptables = false): Lack => ({
  id,
  text,
  evidence: { source, text: quoted },
  inIptables,
});

const setLacks = (set: ClusterIpSet, wanted: readonly ClusterIp[] | null): Lack[] => {
  const source = `ipset save ${set.name}`;
  if (set.ips === null)
    return [
      lack('set-missing', `the ipset ${set.name} is missing`, source, 'The set with the given name does not exist'),
    ];
  if (set.ips.length === 0) return [lack('set-empty', `the ipset ${set.name} is empty`, source, 'no members')];
  const absent = absentVips(wanted, set.ips);
  if (absent.length === 0) return [];
  return [
    lack(
      'vip-missing',
      `the ipset ${set.name} lacks ${vipWords(absent)}`,
      source,
      `${set.ips.length} addresses, not ${absent[0]?.ip}`,
    ),
  ];
};

/** ipvs mode: virtual servers, the ipset of their addresses, and the rules that masquerade who goes there (facts I). */
export const ipvsLacks = (
  servers: VirtualServers,
  sets: readonly ClusterIpSet[],
  rules: IptablesRules,
  wanted: readonly ClusterIp[] | null,
): readonly Lack[] => {
  const lacks: Lack[] =
    servers.count === 0
      ? [lack('no-servers', 'IPVS has no virtual servers', '/proc/net/ip_vs', 'no line TCP, UDP or SCTP')]
      : [];
  const filled = new Set(sets.filter((s) => s.ips !== null && s.ips.length > 0).map((s) => s.family));
  // every cluster has Services, so without the API one of the sets has to have members
  const families = familiesToJudge(wanted, filled) ?? ['ipv4'];
  for (const set of sets.filter((s) => families.includes(s.family))) {
    lacks.push(...setLacks(set, wanted?.filter((c) => c.ip.includes(':') === (set.family === 'ipv6')) ?? null));
    const own = homeFirst(rules.sets, set.family);
    const marks = own.some((s) =>
      s.rules.some((r) => r.words.includes(set.name) && targetOf(r.words) === 'KUBE-MARK-MASQ'),
    );
    if (!marks)
      lacks.push(
        lack(
          'mark-missing',
          `no rule of KUBE-SERVICES marks traffic to ${set.name} for masquerading`,
          `${own[0]?.tool ?? 'iptables-save'} -t nat`,
          `no -A KUBE-SERVICES … --match-set ${set.name} … -j KUBE-MARK-MASQ`,
          true,
        ),
      );
    lacks.push(...natLacks(set.family, own));
  }
  return lacks;
};
