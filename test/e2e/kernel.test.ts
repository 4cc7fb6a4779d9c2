// lab: it breaks nodes
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply, applyFix, diagnose, failureOf, findingOf, kubectl, onNode } from '../support/cluster.ts';
import { namespace, namespaceObject, server } from '../support/manifests.ts';

const node = 'node2';
const checks = ['kernel/bridge-netfilter', 'kernel/reverse-path', 'node/graceful-shutdown'];
const look = (code: number) => diagnose([node, '--window', '1s', '--checks', checks.join(',')], code);
const sh = (script: string): Promise<string> => onNode(node, ['sh', '-c', script]);

/**
 * A link to a neighbour whose packets come from an address behind eth0. The lab has no logind, so a process of that name stands for it; and
 * kubelet's file is changed only, kubelet does not read it again.
 */
const asymmetric = [
  'ip netns add e2e-rp && ip link add rp0 type veth peer name rp1 netns e2e-rp',
  'ip addr add 192.168.77.1/24 dev rp0 && ip link set rp0 up',
  'ip -n e2e-rp link set rp1 up && ip -n e2e-rp addr add 192.168.77.2/24 dev rp1 && ip -n e2e-rp addr add 198.51.100.7/32 dev rp1',
  // or else it asks for the node's address in the name of the other one, and the filter drops that uncounted
  'ip netns exec e2e-rp sysctl -qw net.ipv4.conf.all.arp_announce=2',
  'sysctl -qw net.ipv4.conf.rp0.rp_filter=1',
].join(' && ');
const packets = `setsid ip netns exec e2e-rp python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("198.51.100.7", 0))
for i in range(3000):
    s.sendto(b"x", ("192.168.77.1", 9))
    time.sleep(0.1)' </dev/null >/dev/null 2>&1 &`;
const kubeletFile = `$(tr '\\0' '\\n' <"/proc/$(pgrep -x kubelet)/cmdline" | sed -n 's/^--config=//p')`;

describe('faults of the kernel and of the shutdown, made for real', () => {
  beforeAll(async () => {
    await apply(namespaceObject, server('kernel-1', { node }));
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod/kernel-1', '--timeout=60s']);
  });
  afterAll(async () => {
    await sh(
      `sysctl -qw net.bridge.bridge-nf-call-iptables=1; pkill -x systemd-logind; ip netns pids e2e-rp | xargs -r kill; ip netns del e2e-rp; f=${kubeletFile}; sed -i '/^shutdownGracePeriod/d' "$f"; rm -f /etc/systemd/logind.conf.d/99-kubelet.conf /usr/local/bin/systemd-logind; true`,
    );
    await kubectl(['delete', 'pod', '-n', namespace, 'kernel-1', '--wait=true', '--timeout=60s']);
  });

  it('are found in one run, and the printed fixes mend them', async () => {
    await sh(`sysctl -qw net.bridge.bridge-nf-call-iptables=0 && ${asymmetric}`);
    await sh(
      'cp "$(command -v sleep)" /usr/local/bin/systemd-logind; setsid /usr/local/bin/systemd-logind 300 </dev/null >/dev/null 2>&1 &',
    );
    await sh(packets);
    const report = await look(2);
    const bridge = failureOf(report, 'kernel/bridge-netfilter');
    expect(bridge).toMatchObject({ severity: 'error', messageId: 'off', data: { calls: { ipv4: false } } });
    expect(bridge.message).toMatch(/on the bridge cni0/);
    const path = failureOf(report, 'kernel/reverse-path');
    expect(path).toMatchObject({ severity: 'error', messageId: 'drops', data: { strict: ['rp0'] } });
    expect(failureOf(report, 'node/graceful-shutdown')).toMatchObject({ severity: 'info', messageId: 'off' });

    for (const f of [bridge, path]) await applyFix(node, f);
    await sh(`printf 'shutdownGracePeriod: 25s\\nshutdownGracePeriodCriticalPods: 5s\\n' >>"${kubeletFile}"`);
    // loose, and with the way back by another interface, the packets come in
    await sh(packets);
    const mended = await look(0);
    expect(findingOf(mended, 'kernel/bridge-netfilter').status).toBe('pass');
    expect(findingOf(mended, 'kernel/reverse-path').status).toBe('pass');
    expect(failureOf(mended, 'node/graceful-shutdown')).toMatchObject({
      messageId: 'no-inhibitor',
      message: expect.stringMatching(/set to 25 s, but systemd-logind waits 5 s at most/),
    });

    // as kubelet itself writes it
    await sh(
      "mkdir -p /etc/systemd/logind.conf.d && printf '[Login]\\nInhibitDelayMaxSec=25\\n' >/etc/systemd/logind.conf.d/99-kubelet.conf",
    );
    await kubectl([
      'run',
      '-n',
      namespace,
      'slow',
      '--image=busybox:1.36',
      '--restart=Never',
      `--overrides=${JSON.stringify({ spec: { nodeName: node, terminationGracePeriodSeconds: 90, containers: [{ name: 'slow', image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent', command: ['sleep', '600'] }] } })}`,
    ]);
    try {
      const last = await look(0);
      expect(failureOf(last, 'node/graceful-shutdown')).toMatchObject({ severity: 'info', messageId: 'too-short' });
      expect(findingOf(last, 'node/graceful-shutdown').message).toMatch(
        new RegExp(`${namespace}/slow asks for 90 s and gets 20 s`),
      );
    } finally {
      // by force the API would forget it while it still runs
      await kubectl(['delete', 'pod', '-n', namespace, 'slow', '--grace-period=1', '--wait=true', '--timeout=60s']);
    }
  });
});
