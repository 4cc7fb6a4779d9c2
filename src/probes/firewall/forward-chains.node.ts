import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { forwardChains } from '../../facts/firewall/forward-chains.ts';
import { rulesOf } from './rules-of.ts';
import { firewallRules } from './rules-read.ts';

/** The chains of forwarded packets, at the window's end. */
export const forwardChainsNode = probe({
  yields: forwardChains,
  via: 'node',
  reads: { rules: firewallRules },
  parse: ({ rules }) => {
    if (!rules.ok) return rules;
    const found = rulesOf(rules.outputs.at(-1) ?? rules.outputs[0]);
    if (!found.ok) return found;
    const { forward, blind, cutWay } = found.value;
    return known({ chains: forward, blind, cut: cutWay });
  },
});
