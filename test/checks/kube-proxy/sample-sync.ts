import type { FailureLine, ProxySync } from '../../../src/facts/kube-proxy/sync.ts';

/** The node's clock of the cases, and times before it. */
export const now = 1_795_809_000_000;
export const ago = (seconds: number): number => now - seconds * 1000;

/** A kube-proxy of 1.34 that has written all there was to write. */
export const sync = (more: Partial<ProxySync> = {}): ProxySync => ({
  nowMs: now,
  processes: [{ pid: 52, state: 'S' }],
  metricsAddress: '127.0.0.1:10249',
  metricsAnswer: 'answered',
  startedMs: ago(5000),
  version: 'v1.34.4',
  times: [
    { family: 'IPv4', queuedMs: ago(100), syncedMs: ago(99) },
    { family: 'IPv6', queuedMs: ago(4999), syncedMs: ago(4998) },
  ],
  failures: [],
  health: { answer: 'answered', healthy: true, text: '{"healthy":true}' },
  logFiles: [],
  lines: [],
  rulesLeft: null,
  rulesUnread: [],
  ...more,
});

/** A failure in its log, so many seconds ago. */
export const line = (seconds: number, text = 'exit status 1: iptables-restore: line 7 failed'): FailureLine => ({
  atMs: ago(seconds),
  text,
  file: '/var/log/pods/kube-system_kube-proxy-x_1/kube-proxy/0.log',
});
