import type { RuleSet } from '../../facts/iptables/rules.ts';
import { targetOf } from '../iptables/target-of.ts';
import type { Lack } from './lack.ts';

/** What leads packets to kube-proxy's chains of one family, and the rule that masquerades; both in iptables and in ipvs mode. */
export const natLacks = (family: RuleSet['family'], sets: readonly RuleSet[]): Lack[] => {
  const has = (chain: string, target: string): boolean =>
    sets.some((s) => s.rules.some((r) => r.table === 'nat' && r.chain === chain && targetOf(r.words) === target));
  const source = `${sets[0]?.tool ?? (family === 'ipv4' ? 'iptables-save' : 'ip6tables-save')} -t nat`;
  const lack = (id: string, text: string, quoted: string): Lack => ({
    id,
    text: `${text} (${family})`,
    evidence: { source, text: quoted },
    inIptables: true,
  });
  const masquerades = has('KUBE-POSTROUTING', 'MASQUERADE') && has('POSTROUTING', 'KUBE-POSTROUTING');
  return [
    ...['PREROUTING', 'OUTPUT']
      .filter((chain) => !has(chain, 'KUBE-SERVICES'))
      .map((chain) =>
        lack('hook-missing', `${chain} does not lead to KUBE-SERVICES`, `no -A ${chain} … -j KUBE-SERVICES`),
      ),
    ...(masquerades
      ? []
      : [
          lack(
            'masquerade-missing',
            'the rule that masquerades in KUBE-POSTROUTING is missing',
            has('KUBE-POSTROUTING', 'MASQUERADE')
              ? 'no -A POSTROUTING … -j KUBE-POSTROUTING'
              : 'no -A KUBE-POSTROUTING … -j MASQUERADE',
          ),
        ]),
  ];
};
