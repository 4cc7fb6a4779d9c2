import { fact } from '../../core/fact.ts';

/** The Node's NetworkUnavailable condition and its age. */
export interface NetworkCondition {
  /** Null where nobody sets it: only CNIs and clouds that make routes do. */
  readonly unavailable: {
    readonly status: string;
    readonly reason: string;
    readonly message: string;
    readonly sinceMs: number | null;
  } | null;
  /** When the Node was made. Milliseconds since 1970. */
  readonly createdAtMs: number | null;
  /** The server's clock. */
  readonly nowMs: number;
}

/** Whether the node says that its network is not set up. */
export const networkCondition = fact<NetworkCondition>(
  'node/network-condition',
  'node',
  "the Node's NetworkUnavailable condition, and when the Node was made",
);
