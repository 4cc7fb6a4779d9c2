import { missing } from '../core/gap.ts';
import type { Raw } from '../core/read.ts';
import { listAt, textAt } from '../lib/json.ts';
import { kubeJson } from '../probes/kube-json.ts';

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
  const os =
    textAt(body, 'status', 'nodeInfo', 'operatingSystem') || textAt(body, 'metadata', 'labels', 'kubernetes.io/os');
  if (os !== '' && os !== 'linux')
    return missing('unsupported', `node ${name} runs ${os}; netdoctor reads Linux nodes only`);
  const deleted = textAt(body, 'metadata', 'deletionTimestamp');
  if (deleted !== '') return missing('failed', `node ${name} is being deleted (since ${deleted})`);
  const ready = listAt(body, 'status', 'conditions').find((c) => textAt(c, 'type') === 'Ready');
  if (!ready || textAt(ready, 'status') !== 'Unknown') return null;
  const why = textAt(ready, 'message') || textAt(ready, 'reason') || 'no reason is given';
  return missing(
    'failed',
    `node ${name} is NotReady since ${textAt(ready, 'lastTransitionTime') || 'an unknown time'}: ${why.replace(/\.$/, '')}`,
  );
};
