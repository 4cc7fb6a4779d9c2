import { fact } from '../../core/fact.ts';

/** What a network card counted, by the names of /sys/class/net/<device>/statistics. */
export const deviceCounts = [
  'rx_packets',
  'tx_packets',
  'rx_missed_errors',
  'rx_fifo_errors',
  'rx_crc_errors',
  'rx_dropped',
  'tx_dropped',
] as const;

/** A network card: a device with hardware behind it, real or virtual (virtio, ENA), so no veth, bridge, tunnel, bond or VLAN. */
export interface Device {
  readonly name: string;
  readonly counts: Readonly<Record<(typeof deviceCounts)[number], number>>;
}

/** Since each device came up. Empty where the node has no card of its own (a node in a container: kind). */
export const deviceCounters = fact<readonly Device[]>(
  'network/device-counters',
  'node',
  "packets and drops of the node's network cards (/sys/class/net/<device>/statistics), since each came up",
);
