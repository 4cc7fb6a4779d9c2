import { listAt, textAt } from '../../lib/json.ts';

/** A node's Ready condition. */
export interface Ready {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly message: string;
  /** RFC 3339; empty where the node does not say. */
  readonly since: string;
}

/** Reads it off a Node object; null where there is none. */
export const readyOf = (node: unknown): Ready | null => {
  const found = listAt(node, 'status', 'conditions').find((c) => textAt(c, 'type') === 'Ready');
  const status = textAt(found, 'status');
  if (status !== 'True' && status !== 'False' && status !== 'Unknown') return null;
  return {
    status,
    message: (textAt(found, 'message') || textAt(found, 'reason')).replace(/\.$/, ''),
    since: textAt(found, 'lastTransitionTime'),
  };
};

/**
 * Whether the kubelet says itself that it cannot start containers: its runtime or the list of its containers does not answer. A network
 * plugin that is not there yet is no such reason, a pod in the host's network starts without.
 * (kubelet: "container runtime is down", "PLEG is not healthy: …", "container runtime status check may not have completed yet")
 */
export const isRuntimeDown = (ready: Ready | null): boolean =>
  ready?.status === 'False' && /container runtime is down|PLEG is not healthy/.test(ready.message);
