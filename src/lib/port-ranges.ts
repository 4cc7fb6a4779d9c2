/** An inclusive range of ports. */
type Range = readonly [from: number, to: number];

/** Sorted ranges that neither overlap nor touch, as the kernel prints `ip_local_reserved_ports` (it merges on write, facts A.3). */
export const mergeRanges = (ranges: readonly Range[]): Range[] => {
  const out: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
};

/** What of `ranges` is left without `minus`. */
export const subtractRanges = (ranges: readonly Range[], minus: readonly Range[]): Range[] => {
  let left = mergeRanges(ranges);
  for (const [from, to] of minus) {
    left = left.flatMap(([a, b]): Range[] => {
      if (to < a || from > b) return [[a, b]];
      const pieces: Range[] = [];
      if (a < from) pieces.push([a, from - 1]);
      if (b > to) pieces.push([to + 1, b]);
      return pieces;
    });
  }
  return left;
};

/** What lies in both. */
export const intersectRanges = (a: readonly Range[], b: readonly Range[]): Range[] =>
  mergeRanges(
    a.flatMap(([f, t]) => b.map(([g, u]): Range => [Math.max(f, g), Math.min(t, u)]).filter(([x, y]) => x <= y)),
  );

/** Whether the port lies in one of the ranges. */
export const inRanges = (port: number, ranges: readonly Range[]): boolean =>
  ranges.some(([from, to]) => port >= from && port <= to);

/** How many ports the ranges hold; they must not overlap. */
export const countPorts = (ranges: readonly Range[]): number => ranges.reduce((n, [from, to]) => n + to - from + 1, 0);

/** "30000-32767,40000", the kernel's own form. */
export const formatRanges = (ranges: readonly Range[]): string =>
  ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
