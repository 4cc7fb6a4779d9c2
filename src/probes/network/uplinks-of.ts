import type { Device, Devices } from './devices-of.ts';

const best = (routes: readonly { readonly device: string; readonly metric: number }[]): string[] => {
  const least = Math.min(...routes.map((r) => r.metric));
  return routes.filter((r) => r.metric === least).map((r) => r.device);
};

/** The devices of the best default routes of both families: Ethernet and InfiniBand, not VPNs, whose packets are not the pods'. */
export const uplinksOf = ({ list, routes, sixes }: Devices): Device[] => {
  const four = best(routes.filter((r) => r.destination === 0 && r.prefix === 0));
  const six = best(sixes.filter((r) => r.isDefault));
  const names = new Set([...four, ...six]);
  return list.filter(
    (d) => names.has(d.name) && (d.hardware === 1 || d.hardware === 32) && d.kind !== 'vxlan' && d.kind !== 'geneve',
  );
};
