import { insertFailed } from '../../../src/checks/conntrack/insert-failed.ts';
import { conntrackChanges } from '../../../src/facts/conntrack/changes.ts';
import type { ConntrackSpace } from '../../../src/facts/conntrack/counters.ts';
import { conntrackLimits } from '../../../src/facts/conntrack/limits.ts';
import { kernelRelease } from '../../../src/facts/kernel/release.ts';
import { type Space, spaces } from '../../../src/facts/network/spaces.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const zero: ConntrackSpace = { space: '1', entries: 9, insertFailed: 0, clashResolved: 0, drop: 0, earlyDrop: 0 };
const changed = (s: Partial<ConntrackSpace>, hostOnly = false) =>
  given(conntrackChanges, {
    source: hostOnly ? 'conntrack -S' : 'cat /proc/net/stat/nf_conntrack',
    hostOnly,
    seconds: 2,
    spaces: [{ ...zero, ...s }],
  });
const limits = given(conntrackLimits, { max: 1000, buckets: 1024 });
const host: Space = { id: '1', host: true, pid: 1, process: 'systemd', podUid: null, containerId: null };
const who = [given(spaces, [host]), gap(pods, 'not-chosen')];
const old = given(kernelRelease, '4.18.0-193.el8.x86_64');
const recent = given(kernelRelease, '6.1.0-48-amd64');

testCheck(insertFailed, [
  {
    name: 'clashes that were not resolved, on a kernel that loses DNS queries',
    facts: [limits, changed({ insertFailed: 8, clashResolved: 3 }), old, ...who],
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'clash-old-kernel',
      message: /^In the node 5 packets .*3 clashes were resolved.*4\.18.*below 5\.0/,
      data: { lost: 5, gate: '5.0' },
    },
  },
  {
    name: 'the kernel does not count what it resolved',
    facts: [limits, changed({ insertFailed: 8, clashResolved: null }), old, ...who],
    expect: { status: 'fail', severity: 'warning', message: /does not count clashes/, data: { lost: 8 } },
  },
  {
    name: 'a kernel whose release is nothing that one knows',
    facts: [limits, changed({ insertFailed: 1 }), given(kernelRelease, 'custom'), ...who],
    expect: { status: 'fail', severity: 'warning' },
  },
  {
    name: 'a kernel that resolves them: SNAT, a note',
    facts: [limits, changed({ insertFailed: 8, clashResolved: 3 }), recent, ...who],
    expect: { status: 'fail', severity: 'info', messageId: 'clash', message: /SNAT without a free port/ },
  },
  {
    name: 'a newer kernel counts failures and drops together: many resolved clashes hide none that was lost',
    facts: [limits, changed({ insertFailed: 2, drop: 2, clashResolved: 50 }), recent, ...who],
    expect: { status: 'fail', severity: 'info', data: { lost: 2 } },
  },
  {
    name: 'by netlink',
    facts: [limits, changed({ space: 'host', insertFailed: 1 }, true), recent, ...who],
    expect: { status: 'fail', severity: 'info', message: /^In the node 1 packets/ },
  },
  {
    name: 'all resolved',
    facts: [limits, changed({ insertFailed: 8, clashResolved: 8 }), old],
    expect: { status: 'pass', message: /in 1 network namespaces within 2\.0 s/ },
  },
  {
    name: 'by netlink, and none',
    facts: [limits, changed({}, true), recent],
    expect: { status: 'pass', message: /of pods this kernel says nothing/ },
  },
  {
    name: 'nothing tracks',
    facts: [given(conntrackLimits, null)],
    expect: { status: 'not-applicable' },
  },
  {
    name: 'one sample only',
    facts: [limits, gap(conntrackChanges, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  {
    name: 'the counters could not be read',
    facts: [limits, gap(conntrackChanges, 'unsupported')],
    expect: { status: 'unknown' },
  },
  {
    name: 'the limits could not be read',
    facts: [gap(conntrackLimits, 'forbidden'), changed({}), recent],
    expect: { status: 'unknown' },
  },
  {
    name: 'the kernel could not be read',
    facts: [limits, changed({ insertFailed: 3 }), gap(kernelRelease), ...who],
    expect: { status: 'unknown' },
  },
]);
