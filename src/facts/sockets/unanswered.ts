import { fact } from '../../core/fact.ts';

/** A TCP connection that waits for its first answer. */
export interface Unanswered {
  /** See facts/network/spaces. */
  readonly space: string;
  readonly source: { readonly ip: string; readonly port: number };
  readonly destination: { readonly ip: string; readonly port: number };
}

/** At most 500 of them. */
export interface UnansweredFlows {
  readonly flows: readonly Unanswered[];
  /** Network namespaces that had sent a SYN again since they began, and that the time did not suffice for. */
  readonly unseenSpaces: number;
}

/** Of the node's own namespace, and of those that have sent a SYN again. */
export const unanswered = fact<UnansweredFlows>(
  'sockets/unanswered',
  'node',
  "TCP sockets of the node and its pods in SYN_SENT, at the window's end",
);
