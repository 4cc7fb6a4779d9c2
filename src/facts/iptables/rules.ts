import { fact } from '../../core/fact.ts';
import type { GapKind } from '../../core/gap.ts';

/** Which of the kernel's two rule systems: x_tables (legacy), or nf_tables through iptables-nft. */
export type Backend = 'legacy' | 'nft';

/** Chains of one name, or of one family of names ("KUBE-SVC-*"), in one table. */
export interface Chains {
  readonly table: string;
  readonly name: string;
  /** How many chains. */
  readonly chains: number;
  /** How many rules in all of them. */
  readonly rules: number;
}

/** A rule in a table. */
export interface Rule {
  readonly table: string;
  readonly chain: string;
  /** The words behind its chain, unquoted. */
  readonly words: readonly string[];
  /** As printed: "-A KUBE-FIREWALL … -j DROP". */
  readonly text: string;
}

/** What one backend holds for one address family. */
export interface RuleSet {
  readonly backend: Backend;
  readonly family: 'ipv4' | 'ipv6';
  /** The program that printed it, as one would type it: "iptables-nft-save". */
  readonly tool: string;
  /** Chains of Kubernetes and of CNI plugins; others are not counted. */
  readonly chains: readonly Chains[];
  /** Jumps to such a chain that is not there. */
  readonly dangling: readonly { readonly table: string; readonly from: string; readonly to: string }[];
  /** Rules as printed: of KUBE-FIREWALL, KUBE-POSTROUTING, KUBE-MARK-*, those of KUBE-SERVICES with an ipset; jumps from elsewhere to KUBE-* in nat, and to KUBE-FIREWALL. */
  readonly rules: readonly Rule[];
  /** Addresses that rules of KUBE-SERVICES match as destination. */
  readonly destinations: readonly string[];
  /** There was more of `rules`, `chains` or `destinations` than is taken. */
  readonly cut: boolean;
}

/** A backend that has tables of this family, and could not be read. */
export interface UnreadSet {
  readonly backend: Backend;
  readonly family: 'ipv4' | 'ipv6';
  readonly kind: GapKind;
  readonly detail: string;
  /** Names of the tables that are there, where that is known. */
  readonly tables: string;
}

/** A backend without tables is in neither list. */
export interface IptablesRules {
  readonly sets: readonly RuleSet[];
  readonly unread: readonly UnreadSet[];
}

/** iptables rules of both backends and both families, reduced. */
export const iptablesRules = fact<IptablesRules>(
  'iptables/rules',
  'node',
  'iptables rules of Kubernetes and CNI plugins, of the legacy and the nft backend (iptables-legacy-save, iptables-nft-save)',
);
