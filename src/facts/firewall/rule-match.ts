import type { PortRange } from '../../core/report.ts';

/** What a rule of iptables or nft asks for and does; null where it does not ask. */
export interface RuleMatch {
  /** `ACCEPT`, `DROP`, `REJECT`; null for all else. */
  readonly verdict: 'ACCEPT' | 'DROP' | 'REJECT' | null;
  /** The chain that it goes on to. */
  readonly jump: string | null;
  readonly protocol: string | null;
  /** Networks or addresses. */
  readonly source: readonly string[] | null;
  readonly destination: readonly string[] | null;
  readonly sourcePorts: readonly PortRange[] | null;
  readonly destinationPorts: readonly PortRange[] | null;
  readonly inInterface: string | null;
  readonly outInterface: string | null;
  /** States of connection tracking, in capitals. */
  readonly states: readonly string[] | null;
  /** The packet mark, as the rule has it: `0x4000/0x4000`. */
  readonly mark: string | null;
  /** It asks for more than is told here (a set, a negation, …). */
  readonly other: boolean;
}
