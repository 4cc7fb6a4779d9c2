import type { Problem } from '../../core/check.ts';
import type { Mtus, PodLink } from '../../facts/network/mtus.ts';
import { cniSetting } from './cni-setting.ts';
import { overhead, podTunnels, roomOf } from './overhead.ts';
import { sends } from './sends.ts';

/** What lets the pods' packets out of the node, and how large. */
interface Exit {
  readonly tunnel: string | null;
  readonly limit: number;
  readonly why: string;
  readonly evidence: readonly { readonly source: string; readonly text: string }[];
}

const mtuFile = (device: string, mtu: number) => ({ source: `/sys/class/net/${device}/mtu`, text: `${mtu}` });

const exits = (m: Mtus): Exit[] => {
  const tunnels = podTunnels(m.tunnels).map((t): Exit => {
    const room = roomOf(t);
    const tight = room !== null && room < t.mtu && t.underlay;
    return {
      tunnel: t.name,
      limit: tight ? room : t.mtu,
      why: tight
        ? `${t.name} (${t.encapsulation}, ${overhead[t.encapsulation]} bytes around each packet) leaves ${room} of the ${tight.mtu} of ${tight.name}`
        : `${t.name} (${t.encapsulation}), which carries them to other nodes, has ${t.mtu}`,
      evidence: [
        mtuFile(t.name, t.mtu),
        { source: 'ip route', text: t.route },
        ...(t.underlay ? [mtuFile(t.underlay.name, t.underlay.mtu)] : []),
      ],
    };
  });
  if (tunnels.length > 0) return tunnels;
  return m.uplinks.map((u) => ({
    tunnel: null,
    limit: u.mtu,
    why: `${u.name}, the device of the default route, has ${u.mtu}`,
    evidence: [mtuFile(u.name, u.mtu)],
  }));
};

const lines = (p: PodLink, limit: number): string[] => [
  `nsenter -t ${p.pid} -n ip link set dev ${p.device} mtu ${limit}`,
  `ip link set dev ${p.peer.name} mtu ${limit}`,
];

/** Pods that send packets larger than what leads to the other nodes takes. */
export const largePods = (m: Mtus, pods: readonly PodLink[], nameOf: (p: PodLink) => string): Problem[] => {
  // of several the roomiest: the others may be left over from another CNI
  const [exit] = exits(m).sort((a, b) => b.limit - a.limit);
  const large = exit ? pods.filter((p) => sends(p) > exit.limit) : [];
  const [first] = large;
  if (!exit || !first) return [];
  const who = large.slice(0, 5).map(nameOf).join(', ') + (large.length > 5 ? ` and ${large.length - 5} more` : '');
  return [
    {
      id: 'pods-too-large',
      severity: 'error',
      message: `MTU ${sends(first)} in ${who} is too large: ${exit.why}. Larger packets go to other nodes only if ICMP "fragmentation needed" comes back to the pod and is heeded; where a firewall drops it, connections open and then hang as soon as there is much to send.`,
      data: {
        limit: exit.limit,
        tunnel: exit.tunnel,
        pods: large.map((p) => ({ pod: nameOf(p), device: p.device, mtu: p.mtu, routeMtu: p.routeMtu })),
      },
      evidence: [
        { source: `/proc/${first.pid}/root/sys/class/net/${first.device}/mtu`, text: `${first.mtu}` },
        ...(first.routeMtu
          ? [
              {
                source: `nsenter -t ${first.pid} -n ip route show default`,
                text: `dev ${first.device} mtu ${first.routeMtu}`,
              },
            ]
          : []),
        ...exit.evidence,
      ],
      fix: {
        say: `Tell the CNI MTU ${exit.limit} (${cniSetting(exit.tunnel, exit.limit)}), on all nodes, then make the pods anew: each keeps the MTU that it was made with. The commands set it in ${large.length > 20 ? 'the first 20' : 'these'} pods now.`,
        now: large.slice(0, 20).flatMap((p) => lines(p, exit.limit)),
        risk: 'none',
        covers:
          first.routeMtu === null
            ? 'Pods made later, until the CNI is told; and routes with an MTU of their own in the pods, which are read with --rights full only.'
            : 'Pods made later, until the CNI is told.',
      },
    },
  ];
};
