import { gracefulShutdown } from '../../../src/checks/node/graceful-shutdown.ts';
import { type ShutdownConfig, shutdownConfig } from '../../../src/facts/node/shutdown-config.ts';
import { gracePeriods } from '../../../src/facts/workloads/grace-periods.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const off: ShutdownConfig = {
  file: '/var/lib/kubelet/config.yaml',
  graceSeconds: 0,
  criticalSeconds: 0,
  byPriority: [],
  logind: true,
  inhibit: { seconds: 5, source: "logind's default" },
};
const on: ShutdownConfig = {
  ...off,
  graceSeconds: 60,
  criticalSeconds: 20,
  inhibit: { seconds: 60, source: '/etc/systemd/logind.conf.d/99-kubelet.conf' },
};
const config = (c: ShutdownConfig | null) => given(shutdownConfig, c);
const pod = (name: string, seconds: number, priority = 0) => ({ namespace: 'shop', name, seconds, priority });
const pods = (...list: ReturnType<typeof pod>[]) => given(gracePeriods, list);

testCheck(gracefulShutdown, [
  {
    name: 'off',
    facts: [config(off), gap(gracePeriods, 'not-chosen')],
    expect: { status: 'fail', severity: 'info', messageId: 'off', message: /is off \(shutdownGracePeriod 0 s\)/ },
  },
  {
    name: 'all of it for critical pods and more: kubelet takes that as off',
    facts: [config({ ...on, criticalSeconds: 61, file: null }), pods()],
    expect: { status: 'fail', severity: 'info', messageId: 'off' },
  },
  {
    name: 'off, and no logind',
    facts: [config({ ...off, logind: false })],
    expect: { status: 'not-applicable', message: /no systemd-logind/ },
  },
  {
    name: 'on, and no logind',
    facts: [config({ ...on, logind: false })],
    expect: { status: 'fail', severity: 'info', messageId: 'no-inhibitor', message: /does nothing/ },
  },
  {
    name: 'logind waits a second less',
    facts: [config({ ...on, inhibit: { seconds: 59, source: '/etc/x.conf' } })],
    expect: {
      status: 'fail',
      severity: 'info',
      messageId: 'no-inhibitor',
      message: /set to 60 s, but systemd-logind waits 59 s at most/,
      now: ['systemctl kill -s HUP systemd-logind', 'systemctl restart kubelet'],
    },
  },
  {
    name: 'pods of both kinds that ask for more than is left',
    facts: [
      config(on),
      pods(pod('web', 40), pod('db', 41), pod('proxy', 30, 2_000_001_000), pod('dns', 20, 2_000_000_000)),
    ],
    expect: {
      status: 'fail',
      severity: 'info',
      messageId: 'too-short',
      message:
        /2 pods are killed early: shop\/proxy asks for 30 s and gets 20 s; shop\/db asks for 41 s and gets 40 s\. Kubelet has 60 s in all/,
      data: { pods: [{ name: 'proxy' }, { name: 'db' }] },
    },
  },
  {
    name: 'ten pods: eight are named',
    facts: [config(on), pods(...Array.from({ length: 10 }, (_, i) => pod(`p${i}`, 100)))],
    expect: {
      status: 'fail',
      severity: 'info',
      message: /10 pods are .*shop\/p7 asks for 100 s and gets 40 s; …\. Kubelet/,
    },
  },
  {
    name: 'by priority: below the lowest counts as the lowest',
    facts: [
      config({
        ...on,
        byPriority: [
          { priority: 10, seconds: 5 },
          { priority: 100, seconds: 50 },
        ],
      }),
      pods(pod('low', 6), pod('between', 5, 99), pod('high', 50, 100)),
    ],
    expect: { status: 'fail', severity: 'info', message: /a pod is killed early: shop\/low asks for 6 s and gets 5 s/ },
  },
  {
    name: 'enough for all',
    facts: [config(on), pods(pod('web', 40), pod('proxy', 20, 2_000_001_000))],
    expect: { status: 'pass', message: /60 s/ },
  },
  {
    name: 'on, and the pods were not asked',
    facts: [config(on), gap(gracePeriods, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  { name: 'k3s', facts: [config(null)], expect: { status: 'not-applicable' } },
  { name: 'not read', facts: [gap(shutdownConfig, 'forbidden')], expect: { status: 'unknown' } },
]);
