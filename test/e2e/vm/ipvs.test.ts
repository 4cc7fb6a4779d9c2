// lab: it breaks an IPVS node
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/core/report.ts';
import { failureOf, findingOf, labCommand, netdoctor, onNode, until } from '../../support/cluster.ts';

const node = 'vm1';
const vip = '10.96.0.1';
const sh = (line: string): Promise<string> => onNode(node, ['sh', '-c', line]);
/** Connects from the node to the API server's Service, one after another in the background. */
const connects = (count: number): Promise<string> =>
  sh(`(for i in $(seq ${count}); do timeout 10 busybox nc ${vip} 443; done) >/dev/null 2>&1 </dev/null &`);

describe('IPVS', () => {
  let dir = '';
  let program = '';
  beforeAll(async () => {
    await labCommand('node', node, '--mode', 'ipvs');
    dir = await mkdtemp(join(tmpdir(), 'netdoctor-e2e-'));
    program = (await netdoctor(['node', '--emit-collector', '--checks', 'ipvs/*', '--window', '2s'])).stdout;
  });
  afterAll(async () => {
    await sh('sysctl -w net.ipv4.vs.conn_reuse_mode=1 net.ipv4.vs.expire_nodest_conn=1');
    await labCommand('service', node, 'kube-proxy', 'resume');
    await sh('iptables -t nat -S KUBE-POSTROUTING | grep -q MASQUERADE || kill "$(pidof kube-proxy)"');
    await rm(dir, { recursive: true, force: true });
  });

  /** By the emitted collector: a VM in software emulation takes long to start a pod. */
  const look = async (name: string): Promise<Report> => {
    const bundle = join(dir, `${name}.bundle`);
    await writeFile(bundle, await onNode(node, ['sh', '-s'], { input: program }));
    return JSON.parse(
      (await netdoctor(['node', '--from', bundle, '--checks', 'ipvs/*', '-o', 'json'])).stdout,
    ) as Report;
  };

  it('incident I2: the masquerade is gone and connects to the VIP hang; reused source ports keep dead backends. The printed fixes mend both', async () => {
    await labCommand('service', node, 'kube-proxy', 'pause');
    await sh('iptables -t nat -F KUBE-POSTROUTING');
    await sh('sysctl -w net.ipv4.vs.conn_reuse_mode=0 net.ipv4.vs.expire_nodest_conn=0');
    await connects(6);
    await until('a half-open connection', 30_000, async () =>
      (await sh('cat /proc/net/ip_vs_conn')).includes('SYN_RECV') ? true : null,
    );
    const report = await look('broken');
    const stuck = failureOf(report, 'ipvs/stuck-handshakes');
    expect(stuck).toMatchObject({
      severity: 'warning',
      messageId: 'own',
      data: { virtual: { ip: vip, port: 443 }, client: { ip: vip }, masqueraded: false },
    });
    expect(stuck.message).toMatch(/The source is the VIP itself.*KUBE-POSTROUTING/);
    const reuse = failureOf(report, 'ipvs/connection-reuse');
    expect(reuse).toMatchObject({
      severity: 'warning',
      messageId: 'old-backend',
      data: { connReuseMode: 0, expireNodestConn: false },
    });

    await labCommand('service', node, 'kube-proxy', 'resume');
    const lines = [...(stuck.fix?.now ?? []), ...(reuse.fix?.now ?? [])];
    expect(lines).toEqual([expect.stringMatching(/^kill \d+$/), 'sysctl -w net.ipv4.vs.expire_nodest_conn=1']);
    for (const line of lines) await sh(line);
    await until('the rules are there again', 120_000, async () =>
      (await sh('iptables -t nat -S KUBE-POSTROUTING')).includes('MASQUERADE') ? true : null,
    );
    const after = await until('connects get through', 60_000, async () => {
      await sh(`timeout 10 busybox nc ${vip} 443 </dev/null || true`);
      const r = await look(`after-${performance.now()}`);
      const found = findingOf(r, 'ipvs/stuck-handshakes');
      return found.status === 'pass' || (found.status === 'fail' && found.severity === 'info') ? r : null;
    });
    expect(findingOf(after, 'ipvs/connection-reuse').status).toBe('pass');
  });
});
