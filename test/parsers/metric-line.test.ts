import { describe, expect, it } from 'vitest';
import { metricLine } from '../../src/parsers/metric-line.ts';
import { expectTotal } from './fuzz.ts';

const rows = [
  'kubeproxy_sync_proxy_rules_last_timestamp_seconds{ip_family="IPv4"} 1.7958089571519775e+09',
  'process_start_time_seconds 1.79580895454e+09',
  'kubernetes_build_info{build_date="1970-01-01T00:00:00Z",git_version="v1.34.4",major="1"} 1',
  'up 1 1795809230000',
] as const;

describe('a sample of the text format', () => {
  it('with labels and without', () => {
    expect(rows.map((r) => metricLine(r))).toEqual([
      {
        name: 'kubeproxy_sync_proxy_rules_last_timestamp_seconds',
        labels: { ip_family: 'IPv4' },
        value: 1795808957.1519775,
      },
      { name: 'process_start_time_seconds', labels: {}, value: 1795808954.54 },
      {
        name: 'kubernetes_build_info',
        labels: { build_date: '1970-01-01T00:00:00Z', git_version: 'v1.34.4', major: '1' },
        value: 1,
      },
      { name: 'up', labels: {}, value: 1 },
    ]);
  });
  it('with escapes and infinities', () => {
    expect(metricLine('a{b="x\\"y\\\\\\n",} +Inf')).toEqual({
      name: 'a',
      labels: { b: 'x"y\\\n' },
      value: Number.POSITIVE_INFINITY,
    });
    expect(metricLine('a -Inf')?.value).toBe(Number.NEGATIVE_INFINITY);
  });
  it.each(['', '# HELP a b', 'a', 'a{', 'a{b} 1', 'a NaN', 'a{b="c} 1', '1a 2'])('%j is none', (t) =>
    expect(metricLine(t)).toBeNull(),
  );
  it('whatever the text', () => expectTotal(metricLine, rows, (m) => m.name !== '' && !Number.isNaN(m.value)));
});
