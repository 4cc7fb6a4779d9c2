import type { Device } from '../../facts/network/device-counters.ts';

/** What a card lost, of how many packets. */
export interface Loss {
  readonly device: string;
  readonly counter: 'rx_missed_errors' | 'rx_fifo_errors' | 'rx_crc_errors' | 'rx_dropped' | 'tx_dropped';
  readonly lost: number;
  readonly percent: number;
}

const counters = ['rx_missed_errors', 'rx_fifo_errors', 'rx_crc_errors', 'tx_dropped', 'rx_dropped'] as const;

/** Losses of at least `least` packets and more than 0.1 % of the packets in that direction. rx_dropped needs 1 %: it also counts frames of protocols that the node does not speak. */
export const lossesOf = (devices: readonly Device[], least: number): readonly Loss[] =>
  devices
    .flatMap((d) =>
      counters.map((counter): Loss => {
        const lost = d.counts[counter];
        const passed = counter === 'tx_dropped' ? d.counts.tx_packets : d.counts.rx_packets;
        return { device: d.name, counter, lost, percent: lost === 0 ? 0 : (100 * lost) / (lost + passed) };
      }),
    )
    .filter((l) => l.lost >= least && l.percent > (l.counter === 'rx_dropped' ? 1 : 0.1));
