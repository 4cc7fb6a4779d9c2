import type { Remedy } from '../../core/check.ts';
import type { KubeProxyProcess } from '../../facts/kube-proxy/process.ts';

/** How kube-proxy is started anew: its container, its unit, or the bare process. */
export const restartProxy = (process: KubeProxyProcess | null): Pick<Remedy, 'say' | 'now'> => {
  if (process === null) return { say: 'Start kube-proxy, or restart what has it inside.' };
  if (process.runBy?.kind === 'pod')
    return {
      say: 'Restart kube-proxy: kill its process and kubelet starts a new container, or delete its pod with kubectl (kubectl -n kube-system delete pod -l k8s-app=kube-proxy --field-selector spec.nodeName=THIS_NODE), or all of them with kubectl -n kube-system rollout restart daemonset/kube-proxy.',
      now: [`kill -9 ${process.pid}`],
    };
  if (process.runBy?.kind === 'unit')
    return { say: `Restart ${process.runBy.unit}.`, now: [`systemctl restart '${process.runBy.unit}'`] };
  return {
    say: 'Restart kube-proxy: kill it, and what started it starts it again. (No pod and no systemd unit was seen around it.)',
    now: [`kill -9 ${process.pid}`],
  };
};
