// lab: it needs nodes of all kube-proxy modes that are known to be healthy
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { diagnose, labCommand, netdoctorOn, reportOf } from '../support/cluster.ts';

const nodes = [
  { node: 'node1', mode: 'iptables' },
  { node: 'vm1', mode: 'ipvs' },
  { node: 'vm2', mode: 'nftables' },
];

const loud = (report: Report): unknown[] =>
  report.findings.filter(
    (f) => f.status === 'error' || f.status === 'unknown' || (f.status === 'fail' && f.severity !== 'info'),
  );

describe('healthy nodes', () => {
  beforeAll(async () => {
    await labCommand('node', 'vm1', '--mode', 'ipvs');
    await labCommand('node', 'vm2', '--mode', 'nftables');
  });

  it.each(nodes)('$node, $mode: exit 0, everything judged', async ({ node, mode }) => {
    const report = await diagnose([node], 0);
    expect(report.targets[0]).toMatchObject({ kubeProxyMode: mode });
    expect(loud(report)).toEqual([]);
    expect(report.findings.filter((f) => f.status === 'skipped')).toEqual([]);
  });

  it.each(nodes)('$node, $mode: on the node itself too', async ({ node, mode }) => {
    const report = reportOf(await netdoctorOn(node, ['node', '--local', '-o', 'json']), 0);
    expect(report.targets[0]).toMatchObject({ kubeProxyMode: mode });
    expect(loud(report)).toEqual([]);
  });

  it.each(nodes)('$node, $mode: one sample says what it cannot judge', async ({ node, mode }) => {
    const report = await diagnose([node, '--window', '0'], 0);
    const victims = report.findings.find((f) => f.check === 'ports/nodeport-victims');
    expect(victims?.status).toBe(mode === 'ipvs' ? 'skipped' : 'not-applicable');
  });
});
