import { softnetDrops } from '../../../src/checks/network/softnet-drops.ts';
import { softnet } from '../../../src/facts/kernel/softnet.ts';
import { softnetChanges } from '../../../src/facts/kernel/softnet-changes.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const cpu = (n: number, processed: number, dropped = 0, timeSqueezes = 0) => ({
  cpu: n,
  processed,
  dropped,
  timeSqueezes,
});
const changed = (cpus: ReturnType<typeof cpu>[], maxBacklog: number | null = 1000) =>
  given(softnetChanges, { seconds: 2, cpus, maxBacklog });
const boot = (cpus: ReturnType<typeof cpu>[], maxBacklog: number | null = 1000) => given(softnet, { cpus, maxBacklog });

testCheck(softnetDrops, [
  {
    name: 'one CPU drops',
    facts: [changed([cpu(0, 100), cpu(3, 90, 10, 2)]), boot([])],
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'drops',
      message:
        /dropped 10 incoming packets within 2\.0 s .*CPU 3: 10 of 100; netdev_max_backlog 1000; budget used up 2 times/,
      now: ['sysctl -w net.core.netdev_max_backlog=4000'],
    },
  },
  {
    name: 'a backlog that somebody made tiny',
    facts: [changed([cpu(0, 100, 1)], 1), boot([])],
    expect: { status: 'fail', severity: 'warning', now: ['sysctl -w net.core.netdev_max_backlog=1000'] },
  },
  {
    name: 'a node in a container: the sysctl is not there',
    facts: [changed([cpu(0, 100, 1)], null), boot([])],
    expect: { status: 'fail', severity: 'warning', message: /is not shown here/ },
  },
  {
    name: 'budgets used up all the time',
    facts: [changed([cpu(0, 9_999, 0, 100)]), boot([])],
    expect: { status: 'fail', severity: 'info', messageId: 'squeezed' },
  },
  {
    name: 'budgets used up now and then',
    facts: [changed([cpu(0, 10_000, 0, 100)]), boot([])],
    expect: { status: 'pass' },
  },
  { name: 'fewer than a hundred', facts: [changed([cpu(0, 100, 0, 99)]), boot([])], expect: { status: 'pass' } },
  {
    name: 'since boot, not now',
    facts: [changed([cpu(0, 100)]), boot([cpu(0, 500_000, 500), cpu(1, 500_000, 500)])],
    expect: {
      status: 'fail',
      severity: 'info',
      messageId: 'seen-earlier',
      message: /1000 incoming packets since boot/,
    },
  },
  {
    name: 'since boot on a node in a container',
    facts: [changed([cpu(0, 100)], null), boot([cpu(0, 5000, 1000)], null)],
    expect: { status: 'fail', severity: 'info', message: /is not shown here/ },
  },
  {
    name: 'a small share since boot',
    facts: [changed([cpu(0, 100)]), boot([cpu(0, 1_000_001, 1000)])],
    expect: { status: 'pass' },
  },
  { name: 'few since boot', facts: [changed([cpu(0, 100)]), boot([cpu(0, 1000, 999)])], expect: { status: 'pass' } },
  { name: 'one sample', facts: [gap(softnetChanges, 'not-chosen'), boot([cpu(0, 1)])], expect: { status: 'skipped' } },
  { name: 'not read', facts: [changed([cpu(0, 1)]), gap(softnet)], expect: { status: 'unknown' } },
]);
