import { syncFailing } from '../../../src/checks/kube-proxy/sync-failing.ts';
import { type ProxySync, proxySync } from '../../../src/facts/kube-proxy/sync.ts';
import { type Agent, agents } from '../../../src/facts/node/agents.ts';
import { type SystemPod, systemPods } from '../../../src/facts/node/system-pods.ts';
import { type Case, gap, given, testCheck } from '../../support/check-tester.ts';
import { ago, line, now, sync } from './sample-sync.ts';

const agent = (name: string): Agent => ({ pid: 7, name, flags: {}, config: {} });
const [kubelet, proxy] = [agent('kubelet'), agent('kube-proxy')];
const queued = (seconds: number, synced: number | null, family = '') => ({
  family,
  queuedMs: ago(seconds),
  syncedMs: synced === null ? null : ago(synced),
});
const runs = (name: string, more: Parameters<typeof sync>[0], expect: Case['expect']): Case => ({
  name,
  facts: [given(agents, [kubelet, proxy]), given(proxySync, sync(more))],
  expect,
});
const silent = { answer: 'refused', healthy: null, text: '' } as const;
const late = { status: 'fail', severity: 'warning', messageId: 'late', message: /is late to write its rules/ } as const;
const counted = [{ what: 'iptables_restore', family: 'IPv4', count: 2 }];
const failing = { status: 'fail', severity: 'error', messageId: 'failing', now: ['kill -9 52'] } as const;

const pod = (more: Partial<SystemPod> = {}): SystemPod => ({
  namespace: 'kube-system',
  name: 'kube-proxy-x',
  labels: ['kube-proxy'],
  owner: null,
  mirror: false,
  phase: 'Running',
  leaving: false,
  createdAtMs: ago(61),
  containers: [
    {
      name: 'kube-proxy',
      init: false,
      ready: false,
      runningSinceMs: null,
      waiting: { reason: 'CrashLoopBackOff', message: '' },
      restarts: 3,
      lastTerminated: null,
    },
  ],
  ...more,
});
const gone = sync({ processes: [], metricsAnswer: 'other', times: [], version: null, startedMs: null });
const rulesLeft = { source: 'nft list chains', text: 'chain KUBE-SVC-A {' };
const absent = (
  name: string,
  o: {
    readonly agents?: readonly Agent[];
    readonly rules?: boolean;
    readonly unread?: ProxySync['rulesUnread'];
    readonly pods?: readonly SystemPod[];
  },
  expect: Case['expect'],
): Case => ({
  name,
  facts: [
    given(agents, o.agents ?? [kubelet]),
    given(proxySync, { ...gone, rulesLeft: o.rules ? rulesLeft : null, rulesUnread: o.unread ?? [] }),
    o.pods ? given(systemPods, { nowMs: now, pods: o.pods }) : gap(systemPods, 'not-chosen'),
  ],
  expect,
});

testCheck(syncFailing, [
  runs(
    'a change that has waited 299 s, and /livez calls that well',
    { times: [queued(299, 3600)] },
    { status: 'pass' },
  ),
  runs(
    'a change that has waited 300 s, whatever /livez says',
    { times: [queued(300, 3600)] },
    { ...late, severity: 'error' },
  ),
  runs('all is written', {}, { status: 'pass', message: /wrote its rules 99 s ago, and no change waits$/ }),
  runs(
    'a change that has waited 60 s',
    { health: silent, failures: counted, times: [queued(60, 300, 'IPv4'), queued(500, 400, 'IPv6')] },
    {
      ...failing,
      data: { families: ['IPv4'], waitingSeconds: 60, successSeconds: 300 },
      message: /at least 60 s \(IPv4\); the last success was 300 s ago/,
    },
  ),
  runs(
    'a change that has waited 59 s, after an hour of quiet',
    { health: silent, times: [queued(59, 3600)] },
    {
      status: 'pass',
      message: /a change has waited for 59 s \(late from 60 s on\)$/,
    },
  ),
  runs(
    'failures that are mended',
    { failures: [{ what: 'iptables_restore', family: '', count: 3 }] },
    {
      status: 'pass',
      message: /; 3 failures since it started are mended$/,
    },
  ),
  runs(
    'failures counted, and a change in its first minute',
    { times: [queued(20, 300)], failures: [{ what: 'nftables_sync', family: 'IPv4', count: 3 }] },
    { status: 'pass', message: /waited for 20 s \(late from 300 s on\); 3 failures since it started$/ },
  ),
  runs(
    'a change in its first minute, and a log that says failed twice',
    {
      times: [queued(20, 300)],
      lines: [line(15), line(9)],
      failures: [{ what: 'iptables_restore', family: '', count: 2 }],
    },
    { ...failing, message: /2 of iptables_restore\. Its log: "exit status 1: iptables-restore: line 7 failed"\./ },
  ),
  runs('a log that says failed once', { times: [queued(20, 300)], lines: [line(9)] }, { status: 'pass' }),
  runs('failed twice, and then succeeded', { lines: [line(130), line(100)] }, { status: 'pass' }),
  runs('failed twice, long ago', { times: [queued(20, 300)], lines: [line(130), line(91)] }, { status: 'pass' }),
  runs(
    'failed twice, in the life of an earlier one',
    { startedMs: ago(200), times: [queued(199, 198)], lines: [line(230), line(210)] },
    { status: 'pass' },
  ),
  runs(
    'failures of the log alone, where nothing waits',
    { times: [queued(500, 400)], lines: [line(40), line(10)] },
    {
      ...failing,
      data: { waitingSeconds: null, successSeconds: null },
      message: /when it last succeeded was not told/,
    },
  ),
  runs(
    'a version without these metrics (1.13), by its log',
    {
      version: 'v1.13.10',
      times: [],
      health: { answer: 'answered', healthy: null, text: '' },
      lines: [line(60), line(30, "Failed to execute iptables-restore: Couldn't load target `KUBE-MARK-DROP`")],
    },
    { ...failing, message: /^kube-proxy v1\.13\.10, pid 52, cannot write its rules/ },
  ),
  runs(
    '/livez says that it is late',
    { times: [queued(5, 300)], health: { answer: 'answered', healthy: false, text: '503' } },
    late,
  ),
  runs(
    'a first sync that is under way',
    { startedMs: ago(100), times: [queued(99, null)], health: { answer: 'answered', healthy: false, text: '503' } },
    {
      status: 'pass',
      message: /for the first time/,
    },
  ),
  runs(
    'a first sync that never came',
    { health: silent, startedMs: ago(180), times: [queued(179, null)] },
    {
      ...late,
      severity: 'error',
      message: /is late .*it never succeeded since it started/,
    },
  ),
  runs(
    'a first sync that fails by the log',
    { startedMs: ago(100), times: [queued(99, null)], lines: [line(60), line(30)] },
    failing,
  ),
  runs('only its /livez answers', { metricsAnswer: 'refused', times: [], startedMs: null }, { status: 'pass' }),
  runs(
    'nothing of it answers',
    { metricsAnswer: 'refused', times: [], startedMs: null, health: { answer: 'refused', healthy: null, text: '' } },
    {
      status: 'unknown',
      message: /metrics at 127\.0\.0\.1:10249 did not answer/,
    },
  ),
  runs(
    'it answers and says nothing',
    { times: [], health: { answer: 'refused', healthy: null, text: '' } },
    {
      status: 'unknown',
      message: /say nothing of when/,
    },
  ),
  runs(
    'stopped',
    { processes: [{ pid: 52, state: 'T' }], metricsAnswer: 'other' },
    {
      status: 'fail',
      severity: 'error',
      messageId: 'hung',
      now: ['kill -CONT 52'],
    },
  ),
  runs(
    'it takes connections and never answers',
    { metricsAnswer: 'timed-out', health: { answer: 'timed-out', healthy: null, text: '' } },
    {
      status: 'fail',
      severity: 'error',
      messageId: 'hung',
      now: ['kill -9 52'],
    },
  ),
  runs('only its metrics come too late', { metricsAnswer: 'timed-out', times: [] }, { status: 'pass' }),
  absent('no process, and its rules', { rules: true }, { status: 'fail', severity: 'error', messageId: 'not-running' }),
  absent('no process, and its rules, by the API too', { rules: true, pods: [] }, { status: 'fail', severity: 'error' }),
  absent(
    'no process, and a pod that crashes',
    { pods: [pod()] },
    {
      status: 'fail',
      severity: 'error',
      message: /its pod kube-system\/kube-proxy-x is CrashLoopBackOff\. No rules of it were seen/,
    },
  ),
  absent(
    'the same with its rules',
    { pods: [pod()], rules: true },
    { status: 'fail', severity: 'error', message: /grow old/ },
  ),
  absent('a pod that was just made', { pods: [pod({ createdAtMs: ago(60) })], rules: true }, { status: 'unknown' }),
  absent('a pod that leaves', { pods: [pod({ leaving: true })] }, { status: 'unknown' }),
  absent(
    'neither process nor rules',
    {},
    { status: 'unknown', message: /neither kube-proxy nor rules of it were seen$/ },
  ),
  absent(
    'neither process nor rules, where they could not be looked for',
    {
      unread: [
        { source: 'iptables-legacy-save', exit: 127, error: 'not found' },
        { source: 'nft list chains', exit: 124, error: '' },
      ],
    },
    {
      status: 'unknown',
      message: /were seen \(iptables-legacy-save: exit 127, not found; nft list chains: exit 124\)$/,
    },
  ),
  absent(
    'no process, and rules in one place where another could not be looked at',
    { rules: true, unread: [{ source: 'iptables-legacy-save', exit: 1, error: 'x' }] },
    { status: 'fail', severity: 'error', messageId: 'not-running' },
  ),
  absent(
    'Cilium, with rules left over',
    { agents: [kubelet, agent('cilium-agent')], rules: true },
    {
      status: 'not-applicable',
      message: /cilium-agent does/,
    },
  ),
  absent('Calico by eBPF', { agents: [kubelet, agent('calico-node')], pods: [] }, { status: 'not-applicable' }),
  absent(
    'Calico, and a kube-proxy that does not run',
    { agents: [kubelet, agent('calico-node')], pods: [pod()] },
    {
      status: 'fail',
      severity: 'error',
    },
  ),
  absent('k3s', { agents: [agent('k3s-server')], rules: true }, { status: 'not-applicable', message: /k3s-server/ }),
  absent('no Kubernetes', { agents: [] }, { status: 'not-applicable', message: /no kubelet/ }),
]);
