import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';
import { emitCollector } from '../../src/app/emit-collector.ts';
import type { RunContext, Source } from '../../src/app/request.ts';
import type { Report } from '../../src/core/report.ts';

const context: RunContext = {
  program: 'netdoctor',
  env: {},
  signal: new AbortController().signal,
  onProgress: () => {},
  onLeftBehind: () => {},
};
const run = (source: Source, save?: string): Promise<Report> =>
  diagnose({ about: 'nodes', source, windowSeconds: 0, ...(save === undefined ? {} : { save }) }, context);
const recorded = (name: string): Source => ({
  kind: 'bundle',
  path: join(import.meta.dirname, '../bundles', name),
});
const failures = (report: Report): string[] =>
  report.findings.flatMap((f) => (f.status === 'fail' ? [`${f.severity} ${f.check}`] : []));
describe('bundles', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'netdoctor-bundle-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('say again what this machine said', async () => {
    const path = join(dir, 'local.bundle');
    const live = await run({ kind: 'local' }, path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const again = await run({ kind: 'bundle', path });
    expect(again.findings).toEqual(live.findings);
    expect(again.startedAt).toBe(live.startedAt);
    expect(again.targets[0]).toMatchObject({
      name: live.targets[0]?.name,
      via: 'bundle',
      kernel: live.targets.map((t) => (t.kind === 'node' ? t.kernel : null))[0],
    });
  });

  it('are never written over', async () => {
    const path = join(dir, 'there.bundle');
    await writeFile(path, 'precious');
    await expect(run({ kind: 'local' }, path)).rejects.toThrow(/exists already/);
    expect(await readFile(path, 'utf8')).toBe('precious');
  });

  it('whose file cannot be made are told before anything is read, and nothing stays of a run that failed', async () => {
    await expect(run({ kind: 'local' }, join(dir, 'no/such/folder'))).rejects.toThrow(
      /Cannot save the bundle .*ENOENT/,
    );
    const path = join(dir, 'failed.bundle');
    await expect(run({ kind: 'bundle', path: join(dir, 'nowhere') }, path)).rejects.toThrow(/Cannot read the bundle/);
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  it.each([
    ['', /no netdoctor bundle/],
    ['hello\n', /no netdoctor bundle/],
    ['{"netdoctorBundle":2}\n', /of a version/],
    ['{broken', /of a version/],
  ])('that are none are refused: %j', async (text, words) => {
    const path = join(dir, 'none.bundle');
    await writeFile(path, text);
    await expect(run({ kind: 'bundle', path })).rejects.toThrow(words);
  });

  it('that are not there are refused', async () => {
    await expect(run({ kind: 'bundle', path: join(dir, 'nowhere') })).rejects.toThrow(/Cannot read the bundle/);
  });

  it('that are cut are never a pass', async () => {
    const path = join(dir, 'whole.bundle');
    const live = await run({ kind: 'local' }, path);
    const text = await readFile(path, 'utf8');
    const end = text.indexOf('\n');
    const cut = join(dir, 'cut.bundle');
    await writeFile(cut, text.slice(0, end + 1 + Math.floor((text.length - end) * 0.1)));
    const report = await run({ kind: 'bundle', path: cut });
    expect(report.findings.filter((f) => f.status === 'pass')).toEqual([]);
    expect(report.findings).toHaveLength(live.findings.length);
  });

  it('of incident I1, recorded on the lab, name the victim, the Service and the fix', async () => {
    const report = await run(recorded('i1-ipvs-kubelet-victim.bundle'));
    expect(failures(report)).toEqual(
      expect.arrayContaining(['critical ports/nodeport-victims', 'error ports/nodeport-overlap']),
    );
    const victims = report.findings.find((f) => f.check === 'ports/nodeport-victims');
    expect(victims?.message).toMatch(/^kubelet → .* from source port 31055, the NodePort of Service e2e\/web/);
  });

  it('of the same node by the emitted collector, without API, say the same but for names', async () => {
    const report = await run(recorded('i1-ipvs-emitted.bundle'));
    expect(failures(report)).toEqual(
      expect.arrayContaining(['critical ports/nodeport-victims', 'error ports/nodeport-overlap']),
    );
    expect(report.targets[0]).toMatchObject({ name: 'vm1', kubeProxyMode: 'ipvs' });
  });

  it('of incident I2, recorded on the lab, say that the masquerading is missing', async () => {
    const report = await run(recorded('i2-ipvs-masquerade.bundle'));
    expect(failures(report)).toEqual(['critical service/vip-unreachable']);
    const found = report.findings.find((f) => f.check === 'service/vip-unreachable');
    expect(found).toMatchObject({ messageId: 'masquerade' });
    expect(found?.message).toMatch(
      /^The API server answers at 10\.123\.0\.1:6443\/TCP, its Service does not .* DNS Service/,
    );
  });

  it('of a kube-proxy that cannot write its rules, recorded on the lab, say so and quote its log', async () => {
    const report = await run(recorded('i2-iptables-restore-fails.bundle'));
    expect(failures(report)).toEqual(['error kube-proxy/sync-failing']);
    expect(report.findings.find((f) => f.check === 'kube-proxy/sync-failing')?.message).toMatch(
      /^kube-proxy v1\.34\.4, pid \d+, cannot write its rules: .*"exit status 1: iptables-restore: line 7 failed"/,
    );
  });

  it('of incident I2 by hand: 1.13.10 on CentOS 8, an error by the log of kube-proxy', async () => {
    const report = await run(recorded('i2-kubernetes-1.13.10-el8-by-hand.bundle'));
    expect(failures(report)).toEqual(
      expect.arrayContaining(['error kube-proxy/sync-failing', 'error versions/known-bad', 'info versions/known-bad']),
    );
    const known = report.findings.find((f) => f.check === 'versions/known-bad');
    expect(known?.message).toMatch(/^Kubernetes before 1\.17 .* CentOS Linux 8 \(Core\), .*This was measured here: /);
  });

  it('of a node whose source ports run out, in a pod and for NAT too, say where', async () => {
    const report = await run(recorded('i3-ports-used-up.bundle'));
    const found = report.findings.filter((f) => f.check === 'ports/exhaustion');
    expect(found.map((f) => f.message.slice(0, 60))).toEqual([
      'The node: 95 of 100 source ports from 127.0.0.1 to 127.0.0.5',
      'Pod e2e/narrow-1: 62 of 100 source ports from 127.0.0.1 to 1',
      'Source NAT to 10.123.0.12 has taken 100 of 100 ports 61000-6',
    ]);
  });

  it('of incident I2, by the emitted collector on a node that reaches no Service and has no API, name the two backends', async () => {
    // kube-proxy 1.34 with legacy tools only; its iptables-restore adds the jump to KUBE-MARK-DROP that one of 1.13 makes, so it fails as that did
    const report = await run(recorded('i2-backend-mismatch-emitted.bundle'));
    expect(failures(report).sort()).toEqual(['critical kube-proxy/rules-missing', 'error iptables/backend-mismatch']);
    const apart = report.findings.find((f) => f.check === 'iptables/backend-mismatch');
    expect(apart).toMatchObject({
      data: { kubelet: 'nft', kubeProxy: 'legacy', hostVersion: 'iptables v1.8.9 (nf_tables)' },
    });
  });

  it('of a node whose firewall drops, recorded on the lab, name the rules and the policy', async () => {
    const report = await run(recorded('i3-firewall-drops.bundle'));
    expect(failures(report).filter((f) => f.includes('firewall/'))).toEqual([
      'error firewall/drops',
      'error firewall/drops',
      'error firewall/drops',
      'info firewall/drops',
      'error firewall/forward-policy',
    ]);
  });

  it.each([
    ['ipvs', ['set-empty', 'masquerade-missing']],
    ['nftables', ['no-table']],
  ])('of a node in %s mode from which somebody took what kube-proxy had made name it', async (mode, missing) => {
    const report = await run(recorded(`rules-missing-${mode}-emitted.bundle`));
    expect(report.findings.find((f) => f.check === 'kube-proxy/rules-missing')).toMatchObject({
      status: 'fail',
      severity: 'critical',
      data: { mode, missing },
    });
  });

  it.each(['healthy-iptables.bundle', 'healthy-ipvs.bundle', 'healthy-nftables.bundle'])(
    'of healthy nodes stay silent: %s',
    async (name) => {
      const report = await run(recorded(name));
      expect(failures(report)).toEqual([]);
      expect(report.findings.filter((f) => f.status === 'error' || f.status === 'unknown')).toEqual([]);
    },
  );
});

it('the emitted collector is a program that only reads', () => {
  const program = emitCollector({ windowSeconds: 2 });
  expect(Buffer.byteLength(program)).toBeLessThan(131_072);
  const code = program.replaceAll(/^\s*#.*$/gm, '');
  expect(code).not.toMatch(/\b(rm|mv|tee|dd|mount|sysctl|insmod|modprobe|ip (link|addr|route) (add|del|set))\b/);
  // the tools of netfilter list, and do nothing else; -t and -L make tables
  expect(code).not.toMatch(/tables-restore(?!\|)|\bip6?tables(-legacy|-nft)? -[^V\s]/);
  expect(code).not.toMatch(
    /\bnft (-\S+ )*(-[fi]|add|create|delete|destroy|flush|import|insert|replace|rename|reset|monitor)\b/,
  );
  expect(code).not.toMatch(/\bipset (?!save )[a-z]+ /);
  expect(
    [...code.matchAll(/>\s*("?\/[^\s;"]*)/g)]
      .map((m) => m[1])
      .filter((path) => !/^(\/dev\/null\b|"\/dev\/udp\/)/.test(path ?? '')),
  ).toEqual([]);
});
