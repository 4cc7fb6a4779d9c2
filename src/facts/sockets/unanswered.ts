import { fact } from '../../core/fact.ts';

/** A TCP connection that waits for its first answer. */
export interface Unanswered {
  /** See facts/network/spaces. */
  readonly space: string;
  readonly source: { readonly ip: string; readonly port: number };
  readonly destination: { readonly ip: string; readonly port: number };
}

/** At most 500. */
export const unanswered = fact<readonly Unanswered[]>(
  'sockets/unanswered',
  'node',
  "TCP sockets of the node and its pods in SYN_SENT, at the window's end",
);
