import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';
import type { Finding } from '../../src/core/finding.ts';

const failures = async (name: string, area: string): Promise<Extract<Finding, { status: 'fail' }>[]> => {
  const path = join(import.meta.dirname, '../bundles', name);
  const report = await diagnose(
    { about: 'nodes', source: { kind: 'bundle', path }, windowSeconds: 0 },
    {
      program: 'netdoctor',
      env: {},
      signal: new AbortController().signal,
      onProgress: () => {},
      onLeftBehind: () => {},
    },
  );
  return report.findings.flatMap((f) => (f.status === 'fail' && f.check.startsWith(area) ? [f] : []));
};

it('incident I2, recorded on the lab: the VIP in SYN_RECV, and that nothing masquerades', async () => {
  const [reuse, stuck, ...more] = await failures('i2-ipvs-masquerade-missing.bundle', 'ipvs/');
  expect(more).toEqual([]);
  expect(reuse).toMatchObject({ check: 'ipvs/connection-reuse', severity: 'warning', messageId: 'old-backend' });
  expect(stuck).toMatchObject({
    check: 'ipvs/stuck-handshakes',
    severity: 'warning',
    data: { virtual: { ip: '10.96.0.1', port: 443 }, client: { ip: '10.96.0.1' }, masqueraded: false },
  });
  expect(stuck?.fix?.now).toEqual([expect.stringMatching(/^kill \d+$/)]);
});

it('a vxlan tunnel under pods that are as large as the uplink, recorded on the lab', async () => {
  const [large, ...more] = await failures('i3-mtu-vxlan.bundle', 'mtu/');
  expect(more).toEqual([]);
  expect(large).toMatchObject({
    severity: 'error',
    messageId: 'pods-too-large',
    data: { limit: 1450, tunnel: 'flannel.1' },
  });
  expect(large?.message).toMatch(/MTU 1500 in pod e2e-f\/mtu-1/);
});
