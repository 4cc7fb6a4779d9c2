import { isLittleEndian } from '../../parsers/byte-order.ts';
import { parseRouteRow, type RouteRow } from '../../parsers/route-table.ts';

/** A network device as sysfs has it. */
export interface Device {
  readonly name: string;
  readonly index: number;
  /** Index of the device below it or at its other end, maybe in another namespace; its own, or 0, where there is none. */
  readonly link: number;
  readonly mtu: number;
  /** ARPHRD_… (include/uapi/linux/if_arp.h): 1 is Ethernet. */
  readonly hardware: number;
  /** DEVTYPE: "vxlan", "bridge"; empty for many. */
  readonly kind: string;
  /** Index of its bridge or bond; 0 for none. */
  readonly master: number;
}

/** A row of /proc/net/ipv6_route. */
export interface SixRoute {
  readonly device: string;
  /** 32 hex digits / hex length. */
  readonly destination: string;
  readonly isDefault: boolean;
  readonly metric: number;
}

/** What the script about the node's devices printed. */
export interface Devices {
  readonly list: readonly Device[];
  readonly routes: readonly RouteRow[];
  readonly sixes: readonly SixRoute[];
}

const numberOf = (text: string | undefined): number | null => (/^\d{1,10}$/.test(text ?? '') ? Number(text) : null);

const deviceOf = (f: readonly (string | undefined)[]): Device | null => {
  const [, name, index, link, mtu, hardware, kind, master] = f;
  const [i, l, m, h] = [index, link, mtu, hardware].map(numberOf);
  if (!name || /[\s/]/.test(name) || i == null || m == null || h == null) return null;
  return { name, index: i, link: l ?? 0, mtu: m, hardware: h, kind: kind ?? '', master: numberOf(master) ?? 0 };
};

const sixOf = (f: readonly (string | undefined)[]): SixRoute[] => {
  const [, destination, length, metric, device] = f;
  if (!/^[0-9a-f]{32}$/.test(destination ?? '') || !/^[0-9a-f]{2}$/.test(length ?? '')) return [];
  if (!/^[0-9a-f]{8}$/.test(metric ?? '') || !device) return [];
  const isDefault = length === '00';
  return [{ device, destination: `${destination}/${length}`, isDefault, metric: Number.parseInt(metric ?? '', 16) }];
};

/** Understands it; null where it is not what it should be. */
export const devicesOf = (lines: readonly string[]): Devices | null => {
  const little = isLittleEndian(lines);
  const rows = lines.map((l) => l.split('\t'));
  const all = rows.filter(([tag]) => tag === 'dev').map(deviceOf);
  const list = all.filter((d) => d !== null);
  if (little === null || list.length === 0 || list.length < all.length) return null;
  const routes = lines.flatMap((l) => {
    const row = l.startsWith('route\t') ? parseRouteRow(l.slice(6), little) : null;
    return row ? [row] : [];
  });
  return { list, routes, sixes: rows.flatMap((f) => (f[0] === 'six' ? sixOf(f) : [])) };
};
