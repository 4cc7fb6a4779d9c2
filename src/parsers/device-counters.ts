import { type Device, deviceCounts } from '../facts/network/device-counters.ts';

/** Understands what the collector prints of network cards: "device TAB name TAB count…" in the order of `deviceCounts`, and "end". Null if it is something else. */
export const parseDeviceCounters = (text: string): readonly Device[] | null => {
  const lines = text.split('\n').filter((l) => l !== '');
  if (lines.at(-1) !== 'end') return null;
  const devices: Device[] = [];
  for (const line of lines.slice(0, -1)) {
    const [tag, name = '', ...values] = line.split('\t');
    if (tag !== 'device' || name === '' || values.length !== deviceCounts.length) return null;
    if (!values.every((v) => /^\d{1,20}$/.test(v))) return null;
    const [rx = 0, tx = 0, missed = 0, fifo = 0, crc = 0, rxDropped = 0, txDropped = 0] = values.map(Number);
    devices.push({
      name,
      counts: {
        rx_packets: rx,
        tx_packets: tx,
        rx_missed_errors: missed,
        rx_fifo_errors: fifo,
        rx_crc_errors: crc,
        rx_dropped: rxDropped,
        tx_dropped: txDropped,
      },
    });
  }
  return devices;
};
