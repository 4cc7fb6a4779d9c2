import { neighbourTable } from '../../../src/checks/kernel/neighbour-table.ts';
import { neighbourChanges } from '../../../src/facts/kernel/neighbour-changes.ts';
import { type NeighbourTable, neighbourTables } from '../../../src/facts/kernel/neighbour-tables.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const arp: NeighbourTable = {
  family: 'ipv4',
  entries: 3,
  tableFulls: 0,
  forcedGcRuns: 0,
  thresholds: [128, 512, 1024],
};
const nd: NeighbourTable = { ...arp, family: 'ipv6' };
const now = (...tables: NeighbourTable[]) => given(neighbourTables, tables);
const changed = (...tables: NeighbourTable[]) => given(neighbourChanges, { seconds: 2, tables });
const raise =
  'net.ipv4.neigh.default.gc_thresh3=4096 net.ipv4.neigh.default.gc_thresh2=2048 net.ipv4.neigh.default.gc_thresh1=512';

testCheck(neighbourTable, [
  {
    name: 'full within the window',
    facts: [
      now({ ...arp, entries: 1024, tableFulls: 9, forcedGcRuns: 9 }, nd),
      changed({ ...arp, entries: 1024, tableFulls: 4 }, nd),
    ],
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'full',
      message:
        /The ARP table was full 4 times within 2\.0 s \(1024 entries, gc_thresh3 of net\.ipv4\.neigh\.default is 1024\)/,
      now: [`sysctl -w ${raise}`],
    },
  },
  {
    name: 'both full',
    facts: [now(arp, nd), changed({ ...arp, tableFulls: 1 }, { ...nd, tableFulls: 2 })],
    expect: { status: 'fail', severity: 'warning', message: /ARP and ND \(IPv6\) table was full 1 and 2 times/ },
  },
  {
    name: '80 % and forced clean-ups, with one sample',
    facts: [now({ ...arp, entries: 820, forcedGcRuns: 1 }), gap(neighbourChanges, 'not-chosen')],
    expect: { status: 'fail', severity: 'warning', messageId: 'near-full', message: /820 entries/ },
  },
  {
    name: '80 % on a kernel that does not count clean-ups',
    facts: [now({ ...arp, entries: 820, forcedGcRuns: null, tableFulls: null }), changed({ ...arp, tableFulls: null })],
    expect: { status: 'fail', severity: 'warning', messageId: 'near-full' },
  },
  {
    name: 'just below 80 %',
    facts: [now({ ...arp, entries: 819, forcedGcRuns: 1 }), changed(arp)],
    expect: { status: 'pass', message: /ARP: 819 of 1024/ },
  },
  {
    name: 'many, but never a clean-up: they are permanent ones',
    facts: [now({ ...arp, entries: 3000 }), changed(arp)],
    expect: { status: 'pass' },
  },
  {
    name: 'full since boot, not now',
    facts: [now(arp, { ...nd, tableFulls: 7 }), changed(arp, nd)],
    expect: {
      status: 'fail',
      severity: 'info',
      messageId: 'seen-earlier',
      message: /ND \(IPv6\) table was full 7 times since boot, not within/,
    },
  },
  {
    name: 'room, with one sample',
    facts: [now(arp), gap(neighbourChanges, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  { name: 'a node in a container', facts: [now()], expect: { status: 'not-applicable' } },
  { name: 'not read', facts: [gap(neighbourTables), changed(arp)], expect: { status: 'unknown' } },
]);
