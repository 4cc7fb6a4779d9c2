import type { PortRange } from '../core/report.ts';

/** "80", "80:90" (iptables), "80-90" (nft), several of them with commas between; null if a part is none. */
export const portSet = (text: string): PortRange[] | null => {
  const ranges = text.split(',').map((part): PortRange | null => {
    const m = /^(\d{1,5})(?:[:-](\d{1,5}))?$/.exec(part.trim());
    const [from, to] = [Number(m?.[1]), Number(m?.[2] ?? m?.[1])];
    return m && from <= to && to <= 65535 ? [from, to] : null;
  });
  const found = ranges.filter((r) => r !== null);
  return found.length === ranges.length ? found : null;
};
