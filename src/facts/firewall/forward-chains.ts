import { fact } from '../../core/fact.ts';
import type { FirewallPlace } from './drop-rules.ts';
import type { RuleMatch } from './rule-match.ts';

/** A rule on the way of a forwarded packet. */
export interface ForwardRule {
  readonly chain: string;
  readonly text: string;
  readonly match: RuleMatch;
}

/** A base chain at the hook forward. */
export interface ForwardChain extends FirewallPlace {
  readonly policy: 'ACCEPT' | 'DROP';
  /** Its rules and those of the chains that it leads to; empty where its policy is ACCEPT and it does not end with a rule that drops all. */
  readonly rules: readonly ForwardRule[];
}

/** What every forwarded packet has to pass. */
export interface ForwardChains {
  readonly chains: readonly ForwardChain[];
  readonly blind: readonly string[];
  /** Not all rules were told. */
  readonly cut: boolean;
}

/** Base chains of iptables and nftables for forwarded packets. */
export const forwardChains = fact<ForwardChains>(
  'firewall/forward-chains',
  'node',
  'the chains of iptables and nftables on the node that every forwarded packet passes, and their policies',
);
