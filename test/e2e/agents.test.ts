// lab: it breaks kube-proxy, the CNI and their pods
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import {
  apply,
  diagnose,
  failureOf,
  findingOf,
  kubectl,
  labCommand,
  netdoctor,
  netdoctorOn,
  onNode,
  reportOf,
  until,
} from '../support/cluster.ts';

const node = 'node2';
const namespace = 'e2e-agents';
const checks = 'kube-proxy/sync-failing,node/network-agents';
const state = process.env.NETDOCTOR_LAB_STATE ?? '/tmp/netdoctor-lab';
const judge = (code: number) => diagnose([node, '--window', '0', '--checks', checks], code);
const fakeRestore = '/usr/local/sbin/iptables-restore';

/** A pod of kube-system, by name and label what kube-proxy's DaemonSet makes. */
const agentPod = (name: string, command: readonly string[], more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': 'kube-proxy' } },
  spec: {
    nodeName: node,
    hostNetwork: true,
    terminationGracePeriodSeconds: 0,
    tolerations: [{ operator: 'Exists' }],
    volumes: [{ name: 'log', hostPath: { path: `${state}/log/${node}` } }],
    containers: [
      {
        name: 'kube-proxy',
        image: 'busybox:1.36',
        imagePullPolicy: 'IfNotPresent',
        command,
        volumeMounts: [{ name: 'log', mountPath: '/log', readOnly: true }],
        ...more,
      },
    ],
  },
});

const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { ports: [{ port: 80 }] },
});

const run = async (lines: readonly string[] = []): Promise<void> => {
  // what asks the API is run beside the control plane, all else on the node
  for (const line of lines)
    if (line.startsWith('kubectl ')) await kubectl(line.split(' ').slice(1)).catch(() => '');
    else await onNode(node, ['sh', '-c', line]);
};

describe('kube-proxy and the other agents of a node', () => {
  beforeAll(async () => {
    await apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      // kube-proxy is a process here; this makes its log that of a pod
      agentPod('kube-proxy-log', ['tail', '-n', '0', '-f', '/log/kube-proxy.log']),
    );
    await kubectl(['wait', '-n', 'kube-system', '--for=condition=Ready', 'pod/kube-proxy-log', '--timeout=60s']);
  });
  afterAll(async () => {
    await onNode(node, [
      'sh',
      '-c',
      `rm -f ${fakeRestore}; [ ! -d /root/cni ] || cp /root/cni/* /etc/cni/net.d/; rm -rf /root/cni`,
    ]);
    await labCommand('service', node, 'kube-proxy', 'resume').catch(() => {});
    await labCommand('service', node, 'kube-proxy', 'start');
    await kubectl([
      'delete',
      'pod',
      '-n',
      'kube-system',
      '-l',
      'k8s-app=kube-proxy',
      '--field-selector',
      `spec.nodeName=${node}`,
      '--wait=true',
    ]);
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=60s']);
  });

  it('a kube-proxy that hangs is found, and goes on by the printed command', async () => {
    await labCommand('service', node, 'kube-proxy', 'pause');
    const found = failureOf(await judge(2), 'kube-proxy/sync-failing');
    expect(found).toMatchObject({ messageId: 'hung', severity: 'error', data: { state: 'T' } });
    await run(found.fix?.now);
    expect(findingOf(await judge(0), 'kube-proxy/sync-failing').status).toBe('pass');
  });

  it('rules that cannot be written, no CNI and an agent that crashes are found in one run, and mended', async () => {
    await onNode(node, [
      'sh',
      '-c',
      `printf '#!/bin/sh\\necho "iptables-restore: line 7 failed" >&2\\nexit 1\\n' >${fakeRestore}; chmod +x ${fakeRestore}; mkdir -p /root/cni; mv /etc/cni/net.d/* /root/cni/`,
    ]);
    await apply(service('first'), agentPod('kube-proxy-crash', ['false']));
    const report = await until('all three are seen', 60_000, async () => {
      await apply(service(`s${Date.now()}`));
      const now = await judge(2);
      const ids = now.findings.flatMap((f) => (f.status === 'fail' ? [f.messageId] : []));
      return ['failing', 'cni-not-ready', 'does-not-run'].every((id) => ids.includes(id)) ? now : null;
    });
    const failing = failureOf(report, 'kube-proxy/sync-failing');
    expect(failing).toMatchObject({ severity: 'error', data: { families: ['IPv4'] } });
    expect(failing.message).toMatch(/cannot write its rules: .*iptables-restore: line 7 failed/);
    const others = report.findings.flatMap((f) =>
      f.status === 'fail' && f.check === 'node/network-agents' ? [f] : [],
    );
    expect(others.map((f) => [f.severity, f.messageId])).toEqual([
      ['error', 'cni-not-ready'],
      ['error', 'does-not-run'],
    ]);
    expect(others[1]?.message).toMatch(
      /^kube-system\/kube-proxy-crash \(kube-proxy\): container kube-proxy is in Crash/,
    );
    // the causes, which netdoctor cannot know (containerd sees files that are written, not such as are moved there), then what it printed
    await onNode(node, ['sh', '-c', `rm ${fakeRestore}; cp /root/cni/* /etc/cni/net.d/`]);
    for (const f of [failing, ...others]) await run(f.fix?.now);
    await until('all is well again', 60_000, async () => {
      const ids = (await diagnose([node, '--window', '0', '--checks', checks, '--fail-on', 'never'], 0)).findings;
      return ids.every((f) => f.status === 'pass') ? ids : null;
    });
  });

  it('that none runs is found from the cluster and from the node, by the rules that it left', async () => {
    await labCommand('service', node, 'kube-proxy', 'stop');
    await kubectl(['delete', 'pod', '-n', 'kube-system', 'kube-proxy-log', '--wait=true']);
    // a server's cache may show a pod that has just been deleted: until then nobody can tell
    await until('that none runs is seen', 30_000, async () => {
      const ended = await netdoctor(['node', node, '--window', '0', '--checks', checks, '-o', 'json']);
      const found = findingOf(JSON.parse(ended.stdout) as Report, 'kube-proxy/sync-failing');
      expect(['fail', 'unknown']).toContain(found.status);
      return found.status === 'fail' && found.messageId === 'not-running' ? true : null;
    });
    const local = await netdoctorOn(node, ['node', '--local', '--window', '0', '--checks', checks, '-o', 'json']);
    expect(failureOf(reportOf(local, 2), 'kube-proxy/sync-failing')).toMatchObject({
      messageId: 'not-running',
      data: { rulesLeft: { source: 'nft list chains' } },
    });
    await labCommand('service', node, 'kube-proxy', 'start');
    await until('it writes its rules again', 30_000, async () => {
      const found = (await diagnose([node, '--window', '0', '--checks', checks, '--fail-on', 'never'], 0)).findings;
      return found.every((f) => f.status === 'pass') ? found : null;
    });
  });
});
