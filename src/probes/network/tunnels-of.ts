import type { DeviceMtu, Encapsulation, Tunnel } from '../../facts/network/mtus.ts';
import { dotted, type RouteRow } from '../../parsers/route-table.ts';
import type { Device, Devices } from './devices-of.ts';
import { uplinksOf } from './uplinks-of.ts';

const encapsulationOf = (d: Device): Encapsulation | null => {
  if (d.kind === 'vxlan' || d.kind === 'geneve' || d.kind === 'wireguard') return d.kind;
  if (d.hardware === 768) return 'ipip';
  if (d.hardware === 778) return 'gre';
  return d.hardware === 769 ? 'ip6tnl' : null;
};

const covers = (r: RouteRow, address: number): boolean =>
  r.prefix === 0 || (r.destination ^ address) >>> (32 - r.prefix) === 0;

/**
 * What carries the wrapped packets: the device below it; of an ipip or gre tunnel without one, the way to the gateway of its route, which is
 * the other node; else the one uplink.
 */
const underlayOf = (d: Device, route: RouteRow | undefined, all: Devices): DeviceMtu | null => {
  const below = d.link !== 0 && d.link !== d.index ? all.list.find((x) => x.index === d.link) : undefined;
  if (below) return below;
  if ((d.hardware === 768 || d.hardware === 778) && route && route.gateway !== 0) {
    const [way] = all.routes
      .filter((r) => r.device !== d.name && covers(r, route.gateway))
      .sort((a, b) => b.prefix - a.prefix || a.metric - b.metric);
    return all.list.find((x) => x.name === way?.device && encapsulationOf(x) === null) ?? null;
  }
  const uplinks = uplinksOf(all);
  return uplinks.length === 1 ? (uplinks[0] ?? null) : null;
};

/** The tunnels with a route in the main table. */
export const tunnelsOf = (all: Devices): Tunnel[] =>
  all.list.flatMap((d): Tunnel[] => {
    const encapsulation = encapsulationOf(d);
    const route = all.routes.find((r) => r.device === d.name && r.prefix > 0);
    const six = all.sixes.find((r) => r.device === d.name && !r.isDefault);
    if (!encapsulation || (!route && !six)) return [];
    const below = underlayOf(d, route, all);
    return [
      {
        name: d.name,
        mtu: d.mtu,
        encapsulation,
        route: route
          ? `${dotted(route.destination)}/${route.prefix}${route.gateway === 0 ? '' : ` via ${dotted(route.gateway)}`} dev ${d.name}`
          : `${six?.destination} dev ${d.name}`,
        underlay: below && { name: below.name, mtu: below.mtu },
      },
    ];
  });
