import { known, missing } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { metricsAddress } from '../../facts/kube-proxy/metrics-address.ts';
import {
  type FailureLine,
  type ProxyAnswer,
  proxySync,
  type SyncFailures,
  type SyncTimes,
} from '../../facts/kube-proxy/sync.ts';
import { containerLogLine } from '../../parsers/container-log-line.ts';
import { type Metric, metricLine } from '../../parsers/metric-line.ts';
import { syncShell } from './sync-shell.ts';

/** curl: 7 refused, 28 timed out. busybox's wget has 1 for everything and is ended by netdoctor (137) when nothing comes. */
const answerOf = (code: string, text: string): ProxyAnswer => {
  if (code === '0' || /HTTP\/1\.\d [2-5]\d\d/.test(text)) return 'answered';
  if (code === '28' || code === '137' || /timed out/i.test(text)) return 'timed-out';
  return code === '7' || /refused/i.test(text) ? 'refused' : 'other';
};

const prefix = 'kubeproxy_sync_proxy_rules_';
const msOf = (metrics: readonly Metric[], name: string, family?: string): number | null => {
  const found = metrics.find(
    (m) => m.name === name && (family === undefined || (m.labels['ip_family'] ?? '') === family),
  );
  return found && found.value > 0 && Number.isFinite(found.value) ? Math.round(found.value * 1000) : null;
};

const timesOf = (metrics: readonly Metric[]): SyncTimes[] => {
  const [queued, synced] = [`${prefix}last_queued_timestamp_seconds`, `${prefix}last_timestamp_seconds`];
  const families = metrics
    .filter((m) => m.name === queued || m.name === synced)
    .map((m) => m.labels['ip_family'] ?? '');
  return [...new Set(families)]
    .sort()
    .map((family) => ({ family, queuedMs: msOf(metrics, queued, family), syncedMs: msOf(metrics, synced, family) }));
};

const failuresOf = (metrics: readonly Metric[]): SyncFailures[] =>
  metrics.flatMap((m) => {
    const what = new RegExp(`^${prefix}(\\w+)_failures_total$`).exec(m.name)?.[1];
    return what === undefined ? [] : [{ what, family: m.labels['ip_family'] ?? '', count: m.value }];
  });

/** From 1.31 on the answer says `healthy`; before, the status of the answer does, of which curl tells nothing. */
const healthOf = (text: string): boolean | null => {
  const said = /"healthy":\s*(true|false)/.exec(text)?.[1];
  if (said !== undefined) return said === 'true';
  return /HTTP\/1\.\d 503/.test(text) ? false : null;
};

/** See the script, facts I, and KEP-3836 for why /livez and not /healthz. */
export const syncLive = probe({
  yields: proxySync,
  via: 'live',
  reads: {
    words: script(
      'kube-proxy/sync',
      "curl -s http://127.0.0.1:10249/metrics | grep sync_proxy_rules; curl -s http://127.0.0.1:10256/livez; grep -E 'iptables-restore|ipset|nftables' /var/log/containers/kube-proxy*.log",
      syncShell,
      { sampling: 'end', uses: ['DAC_READ_SEARCH', 'SYS_CHROOT', 'NET_ADMIN'] },
    ),
  },
  params: params({
    from: { metricsAddress },
    vars: (maybe): Record<string, string> =>
      maybe.metricsAddress.ok ? { proxy_metrics: maybe.metricsAddress.value } : {},
  }),
  parse: ({ words }) => {
    if (!words.ok) return words;
    const rows = words.outputs[0].stdout.split('\n').map((l) => l.split('\t'));
    const of = (tag: string): string[][] => rows.filter((r) => r[0] === tag).map((r) => r.slice(1));
    const now = Number(of('now')[0]?.[0] ?? '');
    if (!Number.isInteger(now) || now <= 0) return missing('unparsable', 'the node did not say what time it is');
    const metrics = of('metric').flatMap(([...rest]) => metricLine(rest.join('\t')) ?? []);
    const [, code = '', address = '127.0.0.1:10249', error = ''] = of('answer').find(([t]) => t === 'metrics') ?? [];
    const health = of('health')
      .map((r) => r.join('\t'))
      .join(' ');
    const healthCode = of('answer').find(([t]) => t === 'health')?.[1] ?? '';
    const lines: FailureLine[] = [];
    let file = '';
    for (const [tag, ...rest] of rows) {
      if (tag === 'log') file = rest.join('\t');
      const line = tag === 'line' ? containerLogLine(rest.join('\t')) : null;
      if (line) lines.push({ atMs: line.atMs, text: line.text.slice(0, 300), file });
    }
    const rules = of('rules')[0];
    return known({
      nowMs: now * 1000,
      processes: of('process').flatMap(([pid = '', state = '']) =>
        /^\d+$/.test(pid) ? [{ pid: Number(pid), state }] : [],
      ),
      metricsAddress: address,
      metricsAnswer: answerOf(code, error),
      startedMs: msOf(metrics, 'process_start_time_seconds'),
      version: metrics.find((m) => m.name === 'kubernetes_build_info')?.labels['git_version'] ?? null,
      times: timesOf(metrics),
      failures: failuresOf(metrics),
      health: { answer: answerOf(healthCode, health), healthy: healthOf(health), text: health },
      logFiles: of('log').map((r) => r.join('\t')),
      lines: lines.sort((a, b) => a.atMs - b.atMs),
      rulesLeft: rules ? { source: rules[0] ?? '', text: rules.slice(1).join(' ') } : null,
      rulesUnread: of('unread').flatMap(([source = '', exit = '', ...error]) =>
        source !== '' && /^\d+$/.test(exit) ? [{ source, exit: Number(exit), error: error.join(' ') }] : [],
      ),
    });
  },
});
