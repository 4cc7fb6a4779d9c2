import type { KubeProxyMode } from '../../facts/kube-proxy/mode.ts';

/** Of each list one module is enough: the newer kernel's name, or that of the other backend. */
export type Alternatives = readonly [string, ...string[]];

const rules: readonly Alternatives[] = [
  ['nf_tables', 'ip_tables'],
  ['nf_conntrack'],
  ['nf_nat'],
  ['xt_conntrack'],
  ['xt_mark'],
  ['xt_MASQUERADE', 'ipt_MASQUERADE'],
];

/**
 * What each mode of kube-proxy cannot do without (the rules and sets that Kubernetes 1.34's pkg/proxy makes). xt_comment is left out: newer iptables-nft
 * keeps comments without it.
 */
export const neededModules: Readonly<Record<KubeProxyMode, readonly Alternatives[]>> = {
  iptables: [...rules, ['xt_nat'], ['xt_addrtype'], ['xt_statistic']],
  ipvs: [
    ...rules,
    ['ip_vs'],
    ['ip_set'],
    ['ip_set_hash_ip'],
    ['ip_set_hash_ipport'],
    ['ip_set_hash_ipportip'],
    ['ip_set_hash_ipportnet'],
    ['ip_set_bitmap_port'],
    ['xt_set'],
  ],
  nftables: [
    ['nf_tables'],
    ['nf_conntrack'],
    ['nf_nat'],
    ['nft_ct'],
    ['nft_nat'],
    ['nft_masq'],
    ['nft_numgen'],
    ['nft_fib'],
    ['nft_chain_nat'],
  ],
  none: [],
};
