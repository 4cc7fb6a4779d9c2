import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { deviceChanges } from '../../facts/network/device-changes.ts';
import { deviceCounters } from '../../facts/network/device-counters.ts';
import { spanText } from '../../lib/span-text.ts';
import { type Loss, lossesOf } from './device-loss.ts';

const meaning: Readonly<Record<Loss['counter'], string>> = {
  rx_missed_errors: 'the card had no free buffer: the ring is too small or its interrupts come too late',
  rx_fifo_errors: 'the card overflowed: the ring is too small or its interrupts come too late',
  rx_crc_errors: 'packets came damaged: cable, plug, transceiver or switch port',
  tx_dropped: 'the driver could not send',
  rx_dropped: 'the kernel did not take them; often only frames of protocols or VLANs that the node does not speak',
};
const textOf = (l: Loss): string =>
  `${l.device}: ${l.counter} ${l.lost} (${l.percent.toFixed(1)} %), ${meaning[l.counter]}`;
const sourceOf = (l: Loss): string => `/sys/class/net/${l.device}/statistics/${l.counter}`;

/** Facts C: the column "drop" of /proc/net/dev counts harmless frames too, so each counter for itself, by rate and share, and only of real cards. */
export const deviceDrops = check({
  id: 'network/device-drops',
  title: 'The network cards lose no packets',
  severity: 'warning',
  per: 'node',
  docs: {
    why: 'Packets that the card or its driver loses are seen by nobody above: connections become slow, and name resolution waits five seconds at a time.',
    links: ['https://www.kernel.org/doc/html/latest/networking/statistics.html'],
  },
  needs: { deviceChanges, deviceCounters },
  wants: {},
  judge: (facts) => {
    if (facts.deviceCounters.length === 0) return notApplicable('this node has no network card of its own');
    const { seconds, devices } = facts.deviceChanges;
    const losses = lossesOf(devices, 10);
    const [first] = losses;
    if (first) {
      const harmless = losses.every((l) => l.counter === 'rx_dropped');
      const ring = losses.find((l) => l.counter === 'rx_missed_errors' || l.counter === 'rx_fifo_errors');
      return fail({
        id: harmless ? 'not-taken' : 'drops',
        severity: harmless ? 'info' : 'warning',
        message: `Network cards lost packets within ${spanText(seconds)}. ${losses.map(textOf).join('; ')}.`,
        data: { seconds, losses },
        evidence: [{ source: sourceOf(first), text: `+${first.lost}` }],
        fix: {
          say: ring
            ? 'Look at the size of the ring and what it may be at most, then raise it: ethtool -G <card> rx <maximum>.'
            : "Look at the card's own counters.",
          now: [ring ? `ethtool -g ${ring.device}` : `ethtool -S ${first.device}`],
          risk: 'none',
          covers: 'What is lost between the cards, and in virtual machines what the host drops.',
        },
      });
    }
    const earlier = lossesOf(facts.deviceCounters, 1000).filter((l) => l.counter !== 'rx_dropped');
    const [seen] = earlier;
    if (seen)
      return fail({
        id: 'seen-earlier',
        severity: 'info',
        message: `Network cards lost packets since they came up, but not within the last ${spanText(seconds)}. ${earlier.map(textOf).join('; ')}.`,
        data: { seconds, losses: earlier },
        evidence: [{ source: sourceOf(seen), text: `${seen.lost}` }],
        fix: {
          say: 'To see whether it goes on, save a bundle with --save now, and compare with it later by --since.',
          risk: 'none',
        },
      });
    return pass(`${devices.map((d) => d.name).join(', ')}: within ${spanText(seconds)} no drops worth telling`);
  },
});
