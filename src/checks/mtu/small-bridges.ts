import type { Problem } from '../../core/check.ts';
import type { PodLink } from '../../facts/network/mtus.ts';
import { sends } from './sends.ts';
import { uneven } from './uneven.ts';

/** Bridges with a smaller MTU than pods on them, where no uneven pair explains it. */
export const smallBridges = (pods: readonly PodLink[], nameOf: (p: PodLink) => string): Problem[] => {
  const explained = new Set(pods.filter(uneven).map((p) => p.bridge?.name));
  const byBridge = new Map<string, [PodLink, ...PodLink[]]>();
  for (const p of pods) {
    if (!p.bridge || sends(p) <= p.bridge.mtu || explained.has(p.bridge.name)) continue;
    const group = byBridge.get(p.bridge.name);
    if (group) group.push(p);
    else byBridge.set(p.bridge.name, [p]);
  }
  return [...byBridge.values()].flatMap((group): Problem[] => {
    const [first] = group;
    const { bridge } = first;
    if (!bridge) return [];
    const low = pods.filter((p) => p.bridge?.name === bridge.name && p.mtu === bridge.mtu);
    const why = low.length > 0 ? ` It follows its smallest port: ${low.length} of its pods have ${bridge.mtu}.` : '';
    return [
      {
        id: 'bridge-too-small',
        severity: 'warning',
        message: `${bridge.name} has MTU ${bridge.mtu}, but ${group.length} of its pods have more (${nameOf(first)}: ${first.mtu}): larger packets to these pods are fragmented or refused at the bridge, from pods of the same node too.${why}`,
        data: { bridge, pods: group.map((p) => ({ pod: nameOf(p), mtu: p.mtu })) },
        evidence: [
          { source: `/sys/class/net/${bridge.name}/mtu`, text: `${bridge.mtu}` },
          { source: `/proc/${first.pid}/root/sys/class/net/${first.device}/mtu`, text: `${first.mtu}` },
        ],
        fix:
          low.length > 0
            ? {
                say: 'Make the pods with the MTU that the CNI no longer gives anew; they were made before its setting was changed.',
                risk: 'disruptive',
              }
            : {
                say: 'Give the bridge the MTU of its ports.',
                now: [`ip link set dev ${bridge.name} mtu ${Math.min(...group.map((p) => p.peer.mtu))}`],
                risk: 'none',
                covers: 'Whether that MTU fits what leads to the other nodes.',
              },
      },
    ];
  });
};
