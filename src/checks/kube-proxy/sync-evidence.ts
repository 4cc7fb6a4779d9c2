import type { Evidence } from '../../core/check.ts';
import type { ProxySync } from '../../facts/kube-proxy/sync.ts';

const iso = (ms: number | null): string => (ms === null ? 'never' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z'));

/** What kube-proxy's metrics, /livez and log said, quoted; the log's last three lines. */
export const syncEvidence = (sync: ProxySync, lines: ProxySync['lines']): readonly Evidence[] => [
  ...sync.times.map((t) => ({
    source: `http://${sync.metricsAddress}/metrics`,
    text: `${t.family ? `${t.family}: ` : ''}last change queued ${iso(t.queuedMs)}, last written ${iso(t.syncedMs)}, asked ${iso(sync.nowMs)}`,
  })),
  ...sync.failures
    .filter((f) => f.count > 0)
    .map((f) => ({
      source: `http://${sync.metricsAddress}/metrics`,
      text: `kubeproxy_sync_proxy_rules_${f.what}_failures_total${f.family ? `{ip_family="${f.family}"}` : ''} ${f.count}`,
    })),
  ...(sync.health.healthy === false ? [{ source: 'http://127.0.0.1:10256/livez', text: sync.health.text }] : []),
  ...lines.slice(-3).map((l) => ({ source: l.file, text: `${iso(l.atMs)} ${l.text}` })),
];
