import type { Problem } from '../../core/check.ts';
import type { Mtus } from '../../facts/network/mtus.ts';
import { cniSetting } from './cni-setting.ts';
import { overhead, podTunnels, roomOf } from './overhead.ts';

/** Tunnels whose packets, wrapped, are larger than the device below takes. */
export const largeTunnels = (m: Mtus): Problem[] =>
  podTunnels(m.tunnels).flatMap((t): Problem[] => {
    const room = roomOf(t);
    if (room === null || !t.underlay || t.mtu <= room) return [];
    return [
      {
        id: 'tunnel-too-large',
        severity: 'warning',
        message: `${t.name} has MTU ${t.mtu}, but ${t.encapsulation} puts ${overhead[t.encapsulation]} bytes around each packet and ${t.underlay.name} below it has ${t.underlay.mtu}: packets larger than ${room} are fragmented on the way, or lost where fragments are.`,
        data: { tunnel: t.name, mtu: t.mtu, encapsulation: t.encapsulation, underlay: t.underlay, limit: room },
        evidence: [
          { source: `/sys/class/net/${t.name}/mtu`, text: `${t.mtu}` },
          { source: `/sys/class/net/${t.underlay.name}/mtu`, text: `${t.underlay.mtu}` },
        ],
        fix: {
          say: `Give ${t.name} ${room}, and tell the CNI, which makes it anew (${cniSetting(t.name, room)}).`,
          now: [`ip link set dev ${t.name} mtu ${room}`],
          risk: 'none',
          covers: 'The MTU of the pods, which must not be larger either.',
        },
      },
    ];
  });
