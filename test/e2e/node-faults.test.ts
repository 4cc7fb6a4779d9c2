// lab: it breaks nodes
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  apply,
  applyFix,
  diagnose,
  failureOf,
  findingOf,
  kubectl,
  netdoctorOn,
  onNode,
  reportOf,
} from '../support/cluster.ts';
import { namespace, namespaceObject, nodePortService, server } from '../support/manifests.ts';

const node = 'node2';

describe('faults of a node, made for real', () => {
  beforeAll(() => apply(namespaceObject));
  afterAll(() => kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=90s']));

  it('without root --local says so, and calls nothing good that it could not see', async () => {
    const asNobody = [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      join(process.cwd(), 'dist/netdoctor.js'),
    ];
    const out = await onNode(node, [
      'sh',
      '-c',
      '"$@" 2>&1; [ $? = 3 ]',
      'sh',
      ...asNobody,
      'node',
      '--local',
      '--window',
      '0',
    ]);
    expect(out).toMatch(/not root/);
    expect(out).toMatch(/Kube-proxy: iptables mode/);
    expect(out).toMatch(/\? iptables\/backend-mismatch could not be judged: /);
    expect(out).toMatch(/no problem found in what could be judged/);
  });

  it('forwarding that is off is found, and the printed fix mends it', async () => {
    await onNode(node, ['sysctl', '-w', 'net.ipv4.ip_forward=0']);
    const report = await diagnose([node, '--window', '0'], 2);
    expect(failureOf(report, 'kernel/ip-forward')).toMatchObject({
      severity: 'error',
      data: { off: ['net.ipv4.ip_forward'] },
    });
    const local = reportOf(await netdoctorOn(node, ['node', '--local', '--window', '0', '-o', 'json']), 2);
    expect(failureOf(local, 'kernel/ip-forward').severity).toBe('error');
    await applyFix(node, failureOf(report, 'kernel/ip-forward'));
    expect(findingOf(await diagnose([node, '--window', '0'], 0), 'kernel/ip-forward').status).toBe('pass');
  });

  it('a server in the ephemeral range is found with its pod; a socket that took its port itself is not', async () => {
    await apply(server('exporter-1', { node, port: 50051, hostNetwork: true }));
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod/exporter-1', '--timeout=60s']);
    const listener = [
      'sh',
      '-c',
      `setsid python3 -c 'import socket,time; s=socket.socket(); s.bind(("0.0.0.0",0)); s.listen(); time.sleep(60)' >/dev/null 2>&1 </dev/null &`,
    ];
    await onNode(node, listener);
    const report = await diagnose([node, '--window', '0'], 2);
    const found = failureOf(report, 'ports/listener-in-range');
    expect(found.data).toMatchObject({
      ports: [{ port: 50051, protocol: 'TCP', process: 'httpd', pod: `${namespace}/exporter-1` }],
    });
    expect((found.data as { ports: unknown[] }).ports).toHaveLength(1);
    await applyFix(node, found);
    expect(findingOf(await diagnose([node, '--window', '0'], 0), 'ports/listener-in-range').status).toBe('pass');
    await onNode(node, ['sysctl', '-w', 'net.ipv4.ip_local_reserved_ports=']);
    // what is to be kept does the same at the next boot
    const { file = '', content = '' } = found.fix?.persist ?? {};
    await onNode(node, ['sh', '-c', 'cat >"$1" && sysctl -p "$1"', 'sh', file], { input: content });
    expect(findingOf(await diagnose([node, '--window', '0'], 0), 'ports/listener-in-range').status).toBe('pass');
    await onNode(node, ['sh', '-c', 'rm "$1"; sysctl -w net.ipv4.ip_local_reserved_ports=', 'sh', file]);
    await kubectl(['delete', 'pod', '-n', namespace, 'exporter-1', '--wait=true']);
  });

  it('in iptables mode a NodePort in the ephemeral range is no error', async () => {
    await apply(nodePortService('web', 'web', 31055));
    await onNode(node, ['sysctl', '-w', 'net.ipv4.ip_local_port_range=12000 65001']);
    try {
      const report = await diagnose([node, '--window', '0', '--checks', 'ports/nodeport-overlap'], 0);
      expect(failureOf(report, 'ports/nodeport-overlap')).toMatchObject({
        severity: 'info',
        data: { mode: 'iptables', ports: [{ port: 31055 }] },
      });
    } finally {
      await onNode(node, ['sysctl', '-w', 'net.ipv4.ip_local_port_range=32768 60999']);
    }
  });
});
