import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';
import type { Finding } from '../../src/core/finding.ts';
import { inOrder } from '../../src/reporters/in-order.ts';

/** The findings of a bundle that was put together by hand from a recorded one, for a fault that no lab can make. */
const judged = async (name: string): Promise<readonly Finding[]> => {
  const report = await diagnose(
    {
      about: 'nodes',
      source: { kind: 'bundle', path: join(import.meta.dirname, `../bundles/${name}-by-hand.bundle`) },
      windowSeconds: 0,
    },
    {
      program: 'netdoctor',
      env: {},
      signal: new AbortController().signal,
      onProgress: () => {},
      onLeftBehind: () => {},
    },
  );
  return report.findings;
};

/** What is a warning or graver, causes first, with what brings it about; and all that could not be judged. */
const told = (findings: readonly Finding[]): readonly string[] => [
  ...inOrder(findings).flatMap((f) =>
    f.severity === 'info'
      ? []
      : [`${f.severity} ${f.check} ${f.messageId}${f.because ? ` because of ${f.because.join(', ')}` : ''}`],
  ),
  ...findings.flatMap((f) => (f.status === 'unknown' || f.status === 'error' ? [`${f.status} ${f.check}`] : [])),
];
const messageOf = (findings: readonly Finding[], check: string): string =>
  findings.find((f) => f.check === check)?.message ?? '';

describe('bundles by hand', () => {
  it('Kubernetes 1.24, where somebody took KUBE-MARK-DROP away: a Service came that needs it, and since then no rules are written', async () => {
    // iptables' words were measured with 1.8.9, those around them are kube-proxy's of 1.24
    const findings = await judged('mark-drop-missing-kubernetes-1.24');
    expect(told(findings)).toEqual([
      'error iptables/mark-drop-missing needed',
      'error kube-proxy/sync-failing failing because of iptables/mark-drop-missing',
      'critical kube-proxy/rules-missing vip-missing because of iptables/mark-drop-missing, kube-proxy/sync-failing',
    ]);
    expect(messageOf(findings, 'kube-proxy/sync-failing')).toMatch(
      /Its log: ".*Chain 'KUBE-MARK-DROP' does not exist"/,
    );
    expect(messageOf(findings, 'kube-proxy/rules-missing')).toMatch(/no rule for 10\.96\.77\.12 \(shop\/web\)/);
  });

  it('a card whose ring is too small, and another with a bad cable', async () => {
    // the first as ixgbe counts (rx_missed_errors, while rx_dropped stays 0), the second as be2net does
    const findings = await judged('device-drops');
    expect(told(findings)).toEqual(['warning network/device-drops drops']);
    expect(messageOf(findings, 'network/device-drops')).toMatch(
      /eth0: rx_missed_errors 3912 \(0\.9 %\), .*; eth1: rx_fifo_errors 66 \(0\.1 %\), .*; eth1: rx_crc_errors 148 \(0\.3 %\), packets came damaged/,
    );
    expect(findings.find((f) => f.check === 'network/device-drops')).toMatchObject({
      fix: { now: ['ethtool -g eth0'] },
    });
  });

  it("Ubuntu's minimal image, whose kernel (kvm) has no IPVS: kube-proxy 1.23 was told ipvs and runs in iptables mode", async () => {
    const findings = await judged('kernel-without-ipvs');
    expect(told(findings)).toEqual(['error kernel/modules no-ipvs']);
    expect(messageOf(findings, 'kernel/modules')).toMatch(
      /it runs in iptables mode instead; kernel 5\.15\.0-1045-kvm has no ip_vs, neither .* nor in \/lib\/modules\/5\.15\.0-1045-kvm\. It cannot run as it was told to\.$/,
    );
  });

  it('a script flushed FORWARD and Docker started after it: its policy drops what its own rules do not let through, and KUBE-FORWARD is not asked', async () => {
    const findings = await judged('docker-forward-policy');
    expect(told(findings)).toEqual(['error firewall/forward-policy dropped-by-policy']);
    expect(findings.find((f) => f.check === 'firewall/forward-policy')).toMatchObject({
      data: { backend: 'iptables-nft', family: 'ip', kubeForward: false },
    });
    expect(messageOf(findings, 'firewall/forward-policy')).toMatch(/KUBE-FORWARD does not stand before that either/);
  });

  it("logind that keeps to the time of unattended-upgrades' file, which comes behind kubelet's", async () => {
    const findings = await judged('logind-too-short');
    expect(told(findings)).toEqual([]);
    expect(findings.find((f) => f.check === 'node/graceful-shutdown')).toMatchObject({
      status: 'fail',
      severity: 'info',
      messageId: 'no-inhibitor',
      message: expect.stringMatching(
        /set to 60 s, but systemd-logind waits 30 s at most \(InhibitDelayMaxSec, \/usr\/lib\/systemd\/logind\.conf\.d\/unattended-upgrades-logind-maxdelay\.conf\)/,
      ),
    });
    const found = findings.find((f) => f.check === 'node/graceful-shutdown');
    const file = found?.status === 'fail' ? (found.fix?.persist?.file.split('/').at(-1) ?? '') : '';
    expect(file > 'unattended-upgrades-logind-maxdelay.conf').toBe(true);
  });
});
