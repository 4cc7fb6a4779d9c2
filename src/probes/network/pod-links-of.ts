import type { PodLink } from '../../facts/network/mtus.ts';
import type { Device } from './devices-of.ts';

/** Those devices of other namespaces whose other end is a device of the node that says the same of them: veth pairs, and nothing else. */
export const podLinksOf = (
  lines: readonly string[],
  devices: readonly Device[],
  routeMtu: (space: string, device: string) => number | null,
): PodLink[] => {
  const byIndex = new Map(devices.map((d) => [d.index, d]));
  return lines.flatMap((line): PodLink[] => {
    const m = /^pod\t(\d{1,20})\t(\d{1,10})\t([^\t/ ]+)\t(\d{1,10})\t(\d{1,10})\t(\d{1,10})$/.exec(line);
    if (!m) return [];
    const [, space = '', pid, device = '', mtu, index, link] = m;
    const peer = byIndex.get(Number(link));
    if (!peer || peer.link !== Number(index) || peer.hardware !== 1) return [];
    const bridge = byIndex.get(peer.master);
    return [
      {
        space,
        pid: Number(pid),
        device,
        mtu: Number(mtu),
        routeMtu: routeMtu(space, device),
        peer: { name: peer.name, mtu: peer.mtu },
        bridge: bridge?.kind === 'bridge' ? { name: bridge.name, mtu: bridge.mtu } : null,
      },
    ];
  });
};
