import type { Problem } from '../../core/check.ts';
import type { PodLink } from '../../facts/network/mtus.ts';
import { uneven } from './uneven.ts';

type NameOf = (p: PodLink) => string;

const evidenceOf = (p: PodLink) =>
  [
    { source: `/proc/${p.pid}/root/sys/class/net/${p.device}/mtu`, text: `${p.mtu}` },
    { source: `/sys/class/net/${p.peer.name}/mtu`, text: `${p.peer.mtu}` },
  ] as const;

/** Veth pairs whose ends have different MTUs: what is larger than the receiving end's is dropped, and nobody is told. */
export const unevenPairs = (pods: readonly PodLink[], nameOf: NameOf): Problem[] =>
  pods
    .filter(uneven)
    .slice(0, 20)
    .map((p) => {
      const [large, small] = [Math.max(p.mtu, p.peer.mtu), Math.min(p.mtu, p.peer.mtu)];
      const bridge =
        p.bridge && p.bridge.mtu < large
          ? ` The bridge ${p.bridge.name} follows its smallest port: ${p.bridge.mtu}.`
          : '';
      return {
        id: 'veth-ends',
        severity: 'warning',
        message: `${p.device} of ${nameOf(p)} has MTU ${p.mtu}, its other end ${p.peer.name} ${p.peer.mtu}: packets ${p.mtu > p.peer.mtu ? 'from' : 'to'} the pod that are larger than ${small} are dropped between them, without an ICMP error.${bridge}`,
        data: { pod: nameOf(p), device: p.device, mtu: p.mtu, peer: p.peer, bridge: p.bridge },
        evidence: evidenceOf(p),
        fix: {
          say: 'Give both ends the same MTU, and find out who changed the one: the CNI makes both alike.',
          now: [
            p.mtu > p.peer.mtu
              ? `ip link set dev ${p.peer.name} mtu ${p.mtu}`
              : `nsenter -t ${p.pid} -n ip link set dev ${p.device} mtu ${p.peer.mtu}`,
          ],
          risk: 'none',
          covers: 'Whether that MTU fits what leads to the other nodes.',
        },
      } satisfies Problem;
    });
