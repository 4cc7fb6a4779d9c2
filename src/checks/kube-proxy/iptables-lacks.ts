import type { IptablesRules, RuleSet } from '../../facts/iptables/rules.ts';
import type { ClusterIp } from '../../facts/services/cluster-ips.ts';
import { rulesIn } from '../iptables/rules-in.ts';
import { absentVips } from './absent-vips.ts';
import { familiesToJudge } from './families-to-judge.ts';
import { homeFirst } from './home-first.ts';
import type { Lack } from './lack.ts';
import { natLacks } from './nat-lacks.ts';
import { vipWords } from './vip-words.ts';

const none = (text: string, sets: readonly RuleSet[]): Lack => ({
  id: 'no-rules',
  text,
  evidence: {
    source: sets[0] ? `${sets[0].tool} -t nat` : 'iptables-save -t nat',
    text: `KUBE-SERVICES: ${sets.reduce((sum, s) => sum + s.destinations.length, 0)} Service addresses; KUBE-SVC-*: ${sets.reduce((sum, s) => sum + rulesIn(s, /^KUBE-SVC-\*$/, 'nat'), 0)} rules`,
  },
  inIptables: true,
});

/** iptables mode: which backend has the rules does not matter here, the kernel obeys both. */
export const iptablesLacks = (rules: IptablesRules, wanted: readonly ClusterIp[] | null): readonly Lack[] => {
  const served = rules.sets.filter((s) => s.destinations.length > 0);
  const families = familiesToJudge(wanted, new Set(served.map((s) => s.family)));
  if (!families) return [none('no rule of KUBE-SERVICES leads to any Service', homeFirst(rules.sets))];
  return families.flatMap((family): Lack[] => {
    const sets = homeFirst(rules.sets, family);
    const ips = sets.flatMap((s) => s.destinations);
    if (ips.length === 0) return [none(`no rule of KUBE-SERVICES leads to any Service (${family})`, sets)];
    const ofFamily = wanted?.filter((c) => c.ip.includes(':') === (family === 'ipv6')) ?? null;
    const absent = absentVips(ofFamily, ips);
    const source = `${sets[0]?.tool} -t nat`;
    return [
      ...(absent.length > 0
        ? [
            {
              id: 'vip-missing',
              text: `KUBE-SERVICES has no rule for ${vipWords(absent)}`,
              evidence: { source, text: `no -A KUBE-SERVICES -d ${absent[0]?.ip} …` },
              inIptables: true,
            },
          ]
        : []),
      ...natLacks(family, sets),
    ];
  });
};
