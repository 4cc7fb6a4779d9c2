import type { RuleMatch } from '../facts/firewall/rule-match.ts';

/** A rule that asks for nothing and does nothing. */
export const anyPacket: RuleMatch = {
  verdict: null,
  jump: null,
  protocol: null,
  source: null,
  destination: null,
  sourcePorts: null,
  destinationPorts: null,
  inInterface: null,
  outInterface: null,
  states: null,
  mark: null,
  other: false,
};
