import { deviceDrops } from '../../../src/checks/network/device-drops.ts';
import { deviceChanges } from '../../../src/facts/network/device-changes.ts';
import { type Device, deviceCounters } from '../../../src/facts/network/device-counters.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const card = (counts: Partial<Device['counts']> = {}): Device => ({
  name: 'eth0',
  counts: {
    rx_packets: 1000,
    tx_packets: 1000,
    rx_missed_errors: 0,
    rx_fifo_errors: 0,
    rx_crc_errors: 0,
    rx_dropped: 0,
    tx_dropped: 0,
    ...counts,
  },
});
const changed = (...devices: Device[]) => given(deviceChanges, { seconds: 2, devices });
const boot = (...devices: Device[]) => given(deviceCounters, devices);

testCheck(deviceDrops, [
  {
    name: 'the ring overflows',
    facts: [changed(card({ rx_missed_errors: 10 })), boot(card())],
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'drops',
      message: /eth0: rx_missed_errors 10 \(1\.0 %\), the card had no free buffer/,
      now: ['ethtool -g eth0'],
    },
  },
  {
    name: 'damaged packets, and the driver cannot send',
    facts: [changed(card({ rx_crc_errors: 20, tx_dropped: 500 })), boot(card())],
    expect: {
      status: 'fail',
      severity: 'warning',
      message: /rx_crc_errors 20.*tx_dropped 500 \(33\.3 %\)/,
      now: ['ethtool -S eth0'],
    },
  },
  {
    name: 'nine',
    facts: [changed(card({ rx_missed_errors: 9 })), boot(card())],
    expect: { status: 'pass', message: /eth0: within 2\.0 s/ },
  },
  {
    name: 'not more than 0.1 %',
    facts: [changed(card({ rx_packets: 99_900, rx_fifo_errors: 100 })), boot(card())],
    expect: { status: 'pass' },
  },
  {
    name: 'just more than 0.1 %',
    facts: [changed(card({ rx_packets: 99_900, rx_fifo_errors: 101 })), boot(card())],
    expect: { status: 'fail', severity: 'warning' },
  },
  {
    name: 'frames that the node does not speak',
    facts: [changed(card({ rx_dropped: 11 })), boot(card())],
    expect: { status: 'fail', severity: 'info', messageId: 'not-taken' },
  },
  { name: 'a few of these', facts: [changed(card({ rx_dropped: 10 })), boot(card())], expect: { status: 'pass' } },
  {
    name: 'since it came up, not now',
    facts: [changed(card()), boot(card({ rx_packets: 100_000, rx_missed_errors: 1000, rx_dropped: 50_000 }))],
    expect: {
      status: 'fail',
      severity: 'info',
      messageId: 'seen-earlier',
      message: /since they came up.*rx_missed_errors 1000/,
    },
  },
  {
    name: 'fewer since it came up',
    facts: [changed(card()), boot(card({ rx_missed_errors: 999 }))],
    expect: { status: 'pass' },
  },
  { name: 'a node in a container', facts: [boot()], expect: { status: 'not-applicable' } },
  { name: 'one sample', facts: [gap(deviceChanges, 'not-chosen'), boot(card())], expect: { status: 'skipped' } },
  { name: 'not read', facts: [gap(deviceCounters)], expect: { status: 'unknown' } },
]);
