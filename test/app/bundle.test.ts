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

  it('of incident I2, by the emitted collector on a node that reaches no Service and has no API, name the two backends', async () => {
    // kube-proxy 1.34 with legacy tools only; its iptables-restore adds the jump to KUBE-MARK-DROP that one of 1.13 makes, so it fails as that did
    const report = await run(recorded('i2-backend-mismatch-emitted.bundle'));
    expect(failures(report).sort()).toEqual(['critical kube-proxy/rules-missing', 'error iptables/backend-mismatch']);
    const apart = report.findings.find((f) => f.check === 'iptables/backend-mismatch');
    expect(apart).toMatchObject({
      data: { kubelet: 'nft', kubeProxy: 'legacy', hostVersion: 'iptables v1.8.9 (nf_tables)' },
    });
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
      expect(report.findings.filter((f) => f.status === 'unknown' || f.status === 'error')).toEqual([]);
    },
  );
});

it('the emitted collector is a program that only reads', () => {
  const program = emitCollector({ windowSeconds: 2 });
  expect(Buffer.byteLength(program)).toBeLessThan(131_072);
  const code = program.replaceAll(/^\s*#.*$/gm, '');
  expect(code).not.toMatch(/\b(rm|mv|tee|dd|mount|sysctl|insmod|modprobe|ip (link|addr|route) (add|del|set))\b/);
  // the tools of netfilter list, and do nothing else; -t and -L make tables
  expect(code).not.toMatch(
    /tables-restore|ip6?tables(-legacy|-nft)? -[^V\s]|\bnft (?!list|ipv|absent|\$|''|\*|"$)[a-z-]+ [a-z]/,
  );
  expect(code).not.toMatch(/\bipset (?!save )[a-z]+ /);
  expect(
    [...code.matchAll(/>\s*("?\/[^\s;"]*)/g)].map((m) => m[1]).filter((path) => !/^\/dev\/null\b/.test(path ?? '')),
  ).toEqual([]);
});
