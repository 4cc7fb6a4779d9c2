import { fact } from '../../core/fact.ts';
import type { RuleMatch } from './rule-match.ts';

/** By what a table is managed: iptables' old tables, iptables' tables of nf_tables, or nft itself. */
export type FirewallBackend = 'legacy' | 'iptables-nft' | 'nft';

/** A chain of a table. */
export interface FirewallPlace {
  readonly backend: FirewallBackend;
  /** `ip`, `ip6`; with nft also `inet`, `bridge`, `arp`, `netdev`. */
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** The program that changes it: `iptables-nft`, `ip6tables-legacy`, `nft`. */
  readonly tool: string;
}

/** A rule that drops or rejects, or the policy DROP of a base chain. */
export interface DropRule extends FirewallPlace {
  readonly policy: boolean;
  /** As the tool prints it, without counters and nft's handle. */
  readonly text: string;
  /** The same as words of iptables' command line; null with nft, for policies, and where it was cut. */
  readonly words: readonly string[] | null;
  /** nft's handle, for deleting it. */
  readonly handle: string | null;
  /** Of a rule; null for policies. */
  readonly match: RuleMatch | null;
  /** How many packets it dropped since it was made; null where it has no counter of its own. */
  readonly packets: number | null;
  /** The same within the window. A counter that was set back counts from 0. */
  readonly risen: number | null;
}

/** What drops packets in the node's own network namespace. */
export interface DropRules {
  readonly seconds: number;
  readonly rules: readonly DropRule[];
  /** What was looked at: "iptables-nft ip". Empty where the kernel has no rules at all. */
  readonly seen: readonly string[];
  /** What is there and could not be looked at, and why. */
  readonly blind: readonly string[];
  /** There are more than 500. */
  readonly cut: boolean;
  /** Chains by which a whole table is told to be of a firewall program (ufw, firewalld): "ip filter ufw-before-input". */
  readonly hints: readonly string[];
}

/** Rules and policies that drop, and what they dropped within the window. */
export const dropRules = fact<DropRules>(
  'firewall/drop-rules',
  'node',
  'rules and policies of iptables and nftables on the node that drop or reject, and how many packets within the window',
);
