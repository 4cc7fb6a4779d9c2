import type { Problem } from '../../core/check.ts';
import type { NodeCondition } from '../../facts/node/condition.ts';
import type { NetworkCondition } from '../../facts/node/network-condition.ts';

/** A node that has just joined waits for its CNI; so long that is as it should be. */
const joinSeconds = 120;

const secondsSince = (nowMs: number, ms: number | null): number | null =>
  ms === null ? null : Math.max(0, Math.round((nowMs - ms) / 1000));

/** What the Node's own conditions say of its network: CNI not initialised, no routes. */
export const conditionProblems = ({ ready, name }: NodeCondition, net: NetworkCondition): readonly Problem[] => {
  const age = secondsSince(net.nowMs, net.createdAtMs);
  const joins = age !== null && age < joinSeconds;
  const severity = joins ? 'info' : 'error';
  const just = joins ? ` The node joined ${age} s ago; for so short a time that is normal.` : '';
  const problems: Problem[] = [];
  if (
    ready.status === 'False' &&
    /network (plugin )?(is )?not ready|NetworkPluginNotReady|cni (plugin|config) (not |un)init/i.test(ready.message)
  )
    problems.push({
      id: 'cni-not-ready',
      severity,
      message: `The container runtime has no network for pods: no CNI configuration that it can use. New pods do not start here (those with hostNetwork do), and the node is NotReady.${just}`,
      data: { node: name, ready, ageSeconds: age },
      evidence: [{ source: `kubectl get node ${name}: Ready`, text: `${ready.reason}: ${ready.message}` }],
      fix: {
        say: "See on the node whether the CNI's configuration is there, and its programs in /opt/cni/bin: its pod (DaemonSet) puts them there, so look at that pod first. Where they are there, restart the runtime (containerd does not notice a file that was moved there rather than written), and read its log.",
        now: ['ls -l /etc/cni/net.d'],
        risk: 'none',
        covers: 'Runtimes that look elsewhere (k3s: /var/lib/rancher/k3s/agent/etc/cni/net.d).',
      },
    });
  const { unavailable } = net;
  const since = secondsSince(net.nowMs, unavailable?.sinceMs ?? null);
  if (unavailable?.status === 'True')
    problems.push({
      id: 'network-unavailable',
      severity,
      message: `The node says that its network is not set up (NetworkUnavailable${since === null ? '' : ` for ${since} s`}): ${unavailable.message || unavailable.reason || 'no reason given'}. Pods elsewhere may not reach those here.${just}`,
      data: { node: name, unavailable, ageSeconds: age },
      evidence: [
        {
          source: `kubectl get node ${name}: NetworkUnavailable`,
          text: `${unavailable.reason}: ${unavailable.message}`,
        },
      ],
      fix: {
        say: 'Who sets this condition makes the routes: the CNI on this node, or the route controller of the cloud (kube-controller-manager, cloud-controller-manager). Read its log.',
        risk: 'none',
      },
    });
  return problems;
};
