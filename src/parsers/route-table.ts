/** A route of the main table, its addresses as numbers. */
export interface RouteRow {
  readonly device: string;
  readonly destination: number;
  /** 0 where there is none. */
  readonly gateway: number;
  readonly prefix: number;
  readonly metric: number;
}

/** Eight hex digits in the machine's byte order. */
const addressOf = (hex: string, little: boolean): number | null => {
  if (!/^[0-9A-Fa-f]{8}$/.test(hex)) return null;
  const text = little ? (hex.match(/../g) ?? []).reverse().join('') : hex;
  return Number.parseInt(text, 16);
};

/** Understands one row of /proc/net/route: `eth0 0001F40A 0B007B0A 0003 0 0 0 00FFFFFF 0 0 0`; null if it is none, or no route that is up. */
export const parseRouteRow = (line: string, little: boolean): RouteRow | null => {
  const f = line.trim().split(/\s+/);
  const [device, , , flags, , , metric] = f;
  const [destination, gateway, mask] = [f[1], f[2], f[7]].map((x) => addressOf(x ?? '', little));
  if (!device || destination == null || gateway == null || mask == null) return null;
  if (!/^[0-9A-Fa-f]{4}$/.test(flags ?? '') || !/^\d{1,10}$/.test(metric ?? '')) return null;
  // RTF_UP, RTF_REJECT (include/uapi/linux/route.h)
  const bits = Number.parseInt(flags ?? '', 16);
  if ((bits & 1) === 0 || (bits & 0x200) !== 0) return null;
  const prefix = mask.toString(2).replaceAll('0', '').length;
  return { device, destination, gateway, prefix, metric: Number(metric) };
};

/** "10.244.1.0" */
export const dotted = (address: number): string => [24, 16, 8, 0].map((s) => (address >>> s) & 255).join('.');
