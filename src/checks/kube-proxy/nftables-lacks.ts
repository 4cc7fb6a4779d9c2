import type { NftTable } from '../../facts/kube-proxy/nft-tables.ts';
import type { ClusterIp } from '../../facts/services/cluster-ips.ts';
import { absentVips } from './absent-vips.ts';
import { familiesToJudge } from './families-to-judge.ts';
import type { Lack } from './lack.ts';
import { vipWords } from './vip-words.ts';

/** nftables mode: the table, its map of Services, the hooks that lead there, the rule that masquerades. */
export const nftablesLacks = (tables: readonly NftTable[], wanted: readonly ClusterIp[] | null): readonly Lack[] => {
  const served = new Set(tables.filter((t) => t.ips.length > 0).map((t) => t.family));
  const families = familiesToJudge(wanted, served) ?? ['ipv4'];
  return families.flatMap((family): Lack[] => {
    const source = `nft list table ${family === 'ipv6' ? 'ip6' : 'ip'} kube-proxy`;
    const lack = (id: string, text: string, quoted: string): Lack => ({
      id,
      text,
      evidence: { source, text: quoted },
      inIptables: false,
    });
    const table = tables.find((t) => t.family === family);
    if (!table)
      return [lack('no-table', `there is no nftables table kube-proxy (${family})`, 'No such file or directory')];
    if (table.ips.length === 0)
      return [
        lack('no-rules', `the nftables table kube-proxy holds no Service (${family})`, 'service-ips: no elements'),
      ];
    const absent = absentVips(wanted?.filter((c) => c.ip.includes(':') === (family === 'ipv6')) ?? null, table.ips);
    return [
      ...(absent.length > 0
        ? [
            lack(
              'vip-missing',
              `the nftables table kube-proxy lacks ${vipWords(absent)}`,
              `service-ips: ${table.services} elements`,
            ),
          ]
        : []),
      ...(table.hooked
        ? []
        : [
            lack(
              'hook-missing',
              `no hook leads to its Services (${family})`,
              'no jump services, or no vmap @service-ips',
            ),
          ]),
      ...(table.masquerades
        ? []
        : [
            lack(
              'masquerade-missing',
              `the rule that masquerades is missing (${family})`,
              'chain masquerading: no masquerade',
            ),
          ]),
    ];
  });
};
