import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';

it('the bundle of a node whose bridge skips netfilter, with a strict interface, recorded on the lab, names both', async () => {
  const path = join(import.meta.dirname, '../bundles/kernel-bridge-and-rp-filter.bundle');
  const report = await diagnose(
    {
      about: 'nodes',
      source: { kind: 'bundle', path },
      windowSeconds: 0,
      checks: ['kernel/bridge-netfilter', 'kernel/reverse-path', 'node/graceful-shutdown'],
    },
    {
      program: 'netdoctor',
      env: {},
      signal: new AbortController().signal,
      onProgress: () => {},
      onLeftBehind: () => {},
    },
  );
  expect(report.findings.map((f) => [f.check, f.status])).toEqual([
    ['kernel/bridge-netfilter', 'fail'],
    ['kernel/reverse-path', 'fail'],
    ['node/graceful-shutdown', 'not-applicable'],
  ]);
  const [bridge, filter] = report.findings;
  expect(bridge).toMatchObject({ severity: 'error', messageId: 'off', data: { mode: 'iptables' } });
  expect(bridge?.message).toMatch(/the 2 pods .* on the bridge cni0/);
  expect(filter).toMatchObject({ severity: 'error', data: { strict: ['rp0'] } });
});
