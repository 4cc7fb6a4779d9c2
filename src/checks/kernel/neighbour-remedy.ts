import type { Remedy } from '../../core/check.ts';
import type { NeighbourTable } from '../../facts/kernel/neighbour-tables.ts';

/** All three thresholds four times as large: in the same proportion as now, and with room to grow. An entry takes about half a kilobyte. */
export const neighbourRemedy = (tables: readonly NeighbourTable[]): Remedy => {
  const settings = tables.flatMap((t) =>
    t.thresholds.map((now, i) => [`net.${t.family}.neigh.default.gc_thresh${i + 1}`, now * 4] as const),
  );
  // the largest first: none must ever stand above the next
  const order = [...settings].reverse();
  return {
    say: 'Make room for more neighbours, on all nodes. In very large networks on one segment look for who scans it, too.',
    now: [`sysctl -w ${order.map(([key, value]) => `${key}=${value}`).join(' ')}`],
    persist: {
      file: '/etc/sysctl.d/99-z-netdoctor-neigh.conf',
      content: order.map(([key, value]) => `${key} = ${value}\n`).join(''),
    },
    risk: 'none',
    covers: 'A neighbour that asks for very many addresses which nobody has.',
  };
};
