import { fact } from '../../core/fact.ts';

/** The Node object's word on itself. */
export interface NodeCondition {
  readonly name: string;
  readonly ready: {
    readonly status: 'True' | 'False' | 'Unknown';
    readonly reason: string;
    readonly message: string;
    /** Its lastTransitionTime, milliseconds since 1970. */
    readonly sinceMs: number | null;
  };
  /** "v1.34.4". */
  readonly kubeletVersion: string;
  /** "containerd://2.1.4". */
  readonly runtime: string;
  /** The server's clock when this was read, milliseconds since 1970. */
  readonly nowMs: number;
}

/** Whether the node is Ready and since when, and what it runs. */
export const nodeCondition = fact<NodeCondition>(
  'node/condition',
  'node',
  "the node's Ready condition, its kubelet's version and its container runtime",
);
