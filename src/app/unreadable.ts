import { missing } from '../core/gap.ts';
import type { Raw } from '../core/read.ts';
import { textAt } from '../lib/json.ts';
import { kubeJson } from '../probes/kube-json.ts';
import { foreignOs } from '../transports/debug-pod/foreign-os.ts';
import { readyOf } from '../transports/debug-pod/ready.ts';

/**
 * Why no pod can read this node, though the API may still be asked about it; null if nothing is known against it. `node` is the answer
 * to the Node object. A node whose kubelet says itself that it is not ready (Ready=False: no network plugin, say) still starts a pod in the
 * host's network; one of which nothing was heard (Ready=Unknown) does not.
 * (kubernetes.io, "Node Status": Unknown is set once no heartbeat came within node-monitor-grace-period.)
 */
export const unreadable = (name: string, node: Raw | undefined): Extract<Raw, { ok: false }> | null => {
  const json = node && kubeJson(node);
  if (!json?.ok) return null;
  const { body } = json.value;
  const foreign = foreignOs(name, body);
  if (foreign !== null) return missing('unsupported', foreign);
  const deleted = textAt(body, 'metadata', 'deletionTimestamp');
  if (deleted !== '') return missing('failed', `node ${name} is being deleted (since ${deleted})`);
  const ready = readyOf(body);
  if (ready?.status !== 'Unknown') return null;
  const why = ready.message || 'no reason is given';
  return missing('failed', `node ${name} is NotReady since ${ready.since || 'an unknown time'}: ${why}`);
};
