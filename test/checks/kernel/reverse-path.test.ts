import { reversePath } from '../../../src/checks/kernel/reverse-path.ts';
import { reversePathFilter } from '../../../src/facts/kernel/reverse-path-filter.ts';
import { counterChanges } from '../../../src/facts/network/counter-changes.ts';
import { counters } from '../../../src/facts/network/counters.ts';
import { type Space, spaces } from '../../../src/facts/network/spaces.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const name = 'TcpExt.IPReversePathFilter';
const host: Space = { id: '1', host: true, pid: 1, process: 'init', podUid: null, containerId: null };
const pod: Space = { id: '2', host: false, pid: 9, process: 'pause', podUid: 'u', containerId: null };
const shop = given(pods, [
  {
    namespace: 'shop',
    name: 'web',
    uid: 'u',
    workload: 'w',
    hostNetwork: false,
    ips: [],
    ports: [],
    containerIds: [],
    startedAtMs: null,
    restarts: 0,
    sysctls: {},
    portRange: null,
    reservedPorts: [],
  },
]);
const both = given(spaces, [host, pod]);
const filter = (...strict: string[]) =>
  given(reversePathFilter, {
    all: 0,
    interfaces: [...strict.map((s) => ({ name: s, effective: 1 as const })), { name: 'cni0', effective: 2 as const }],
  });
const values = (onHost: number, inPod: number) => ({
  names: new Set([name]),
  spaces: [
    { space: '1', values: { [name]: onHost } },
    { space: '2', values: inPod === 0 ? {} : { [name]: inPod } },
  ],
});
const changed = (onHost: number, inPod: number) => given(counterChanges, { seconds: 2, ...values(onHost, inPod) });
const boot = (onHost: number) => given(counters, values(onHost, 0));

testCheck(reversePath, [
  {
    name: 'drops on the node with strict interfaces',
    facts: [changed(5, 0), filter('eth1', 'eth0.100'), both, gap(pods, 'not-chosen'), boot(5)],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'drops',
      message: /5 of the node\. Strict \(rp_filter=1\): eth1, eth0\.100\./,
      now: ['sysctl -w net.ipv4.conf.eth1.rp_filter=2 net.ipv4.conf.eth0/100.rp_filter=2'],
    },
  },
  {
    name: 'many strict interfaces: all at once',
    facts: [changed(1, 2), filter('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'), both, shop, boot(1)],
    expect: {
      status: 'fail',
      severity: 'error',
      message: /1 of the node, 2 of pod shop\/web.*, … \(9\)/,
      now: ['sysctl -w net.ipv4.conf.all.rp_filter=2'],
    },
  },
  {
    name: 'a name with a space in it never gets into a command',
    facts: [changed(1, 0), filter('a;b'), both, shop, boot(1)],
    expect: { status: 'fail', severity: 'error', now: ['sysctl -w net.ipv4.conf.all.rp_filter=2'] },
  },
  {
    name: 'drops in a pod',
    facts: [changed(0, 3), filter(), both, shop],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'drops',
      message: /3 of pod shop\/web\. The settings of a pod/,
    },
  },
  {
    name: 'drops on the node without a strict interface',
    facts: [changed(1, 0), filter(), both],
    expect: { status: 'fail', severity: 'warning', messageId: 'no-route-back', message: /no route at all/ },
  },
  {
    name: 'ten since boot, none now',
    facts: [changed(0, 0), filter('eth0'), both, boot(10)],
    expect: {
      status: 'fail',
      severity: 'info',
      messageId: 'seen-earlier',
      message: /dropped 10 packets since it booted, none/,
    },
  },
  { name: 'nine since boot', facts: [changed(0, 0), filter('eth0'), both, boot(9)], expect: { status: 'pass' } },
  {
    name: 'many since boot, nothing strict any more',
    facts: [changed(0, 0), filter(), both, boot(999)],
    expect: { status: 'pass' },
  },
  {
    name: 'strict, and nothing dropped',
    facts: [changed(0, 0), filter('eth0'), both, boot(0)],
    expect: { status: 'pass' },
  },
  {
    name: 'a kernel without the counter',
    facts: [given(counterChanges, { seconds: 2, names: new Set(['x']), spaces: [] }), filter('eth0'), both],
    expect: { status: 'unknown', message: /does not count/ },
  },
  {
    name: 'not counted since boot',
    facts: [changed(0, 0), filter('eth0'), both, gap(counters)],
    expect: { status: 'unknown' },
  },
  {
    name: 'one sample',
    facts: [gap(counterChanges, 'not-chosen'), filter('eth0'), both],
    expect: { status: 'skipped' },
  },
  { name: 'settings not read', facts: [changed(1, 0), gap(reversePathFilter), both], expect: { status: 'unknown' } },
  { name: 'namespaces not read', facts: [changed(1, 0), filter('eth0'), gap(spaces)], expect: { status: 'unknown' } },
]);
