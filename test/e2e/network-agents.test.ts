// lab: it breaks kube-proxy, the CNI and their pods
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import {
  apply,
  applyFix,
  diagnose,
  failureOf,
  findingOf,
  kubectl,
  labCommand,
  netdoctor,
  netdoctorOn,
  onNode,
  reportOf,
  settledProxy,
  until,
} from '../support/cluster.ts';

const node = 'node2';
/** Its kube-proxy is in nftables mode. */
const other = 'node3';
const namespace = 'e2e-agents';
const checks = 'kube-proxy/sync-failing,node/network-agents';
const state = process.env.NETDOCTOR_LAB_STATE ?? '/tmp/netdoctor-lab';
/** Whatever it finds, and whatever it cannot tell. */
const lookAt = async (of: string, chosen: string): Promise<Report> => {
  const ended = await netdoctor(['node', of, '--window', '0', '--checks', chosen, '-o', 'json']);
  return JSON.parse(ended.stdout) as Report;
};
const look = () => lookAt(node, checks);
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

/** A DaemonSet of a CNI's name, for every Linux node, of which the quota of its namespace lets no pod come to be. */
const flannel = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-flannel' } },
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'none', namespace: 'kube-flannel' },
    spec: { hard: { pods: '0' } },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-flannel-ds', namespace: 'kube-flannel' },
    spec: {
      selector: { matchLabels: { app: 'flannel' } },
      template: {
        metadata: { labels: { app: 'flannel' } },
        spec: {
          terminationGracePeriodSeconds: 0,
          tolerations: [{ operator: 'Exists' }],
          containers: [
            { name: 'sleep', image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent', command: ['sleep', '3600'] },
          ],
        },
      },
    },
  },
];

/** What a cloud's route controller or a CNI writes into the Node. */
const networkUnavailable = (status: string): Promise<string> => {
  const now = new Date().toISOString();
  const condition = {
    type: 'NetworkUnavailable',
    status,
    reason: status === 'True' ? 'NoRouteCreated' : 'RouteCreated',
    message: status === 'True' ? 'Node created without a route' : 'RouteController created a route',
    lastTransitionTime: now,
    lastHeartbeatTime: now,
  };
  const patch = JSON.stringify({ status: { conditions: [condition] } });
  return kubectl(['patch', 'node', node, '--subresource=status', '-p', patch]);
};

const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { ports: [{ port: 80 }] },
});

describe('kube-proxy and the other agents of a node', () => {
  beforeAll(async () => {
    // early: a young kube-proxy may be about to write its rules
    await labCommand('node', other, '--mode', 'nftables');
    await until('no node is so young that much is normal', 150_000, async () => {
      const made = await kubectl(['get', 'node', node, '-o', 'jsonpath={.metadata.creationTimestamp}']);
      return Date.now() - Date.parse(made) > 125_000 ? true : null;
    });
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
    await networkUnavailable('False');
    await labCommand('node', other, '--remove');
    await kubectl(['delete', 'namespace', namespace, 'kube-flannel', '--ignore-not-found', '--timeout=60s']);
  });

  it('a kube-proxy that hangs is found, and goes on by the printed command', async () => {
    await labCommand('service', node, 'kube-proxy', 'pause');
    const found = failureOf(await judge(2), 'kube-proxy/sync-failing');
    expect(found).toMatchObject({ messageId: 'hung', severity: 'error', data: { state: 'T' } });
    await applyFix(node, found);
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
      const now = await look();
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
    for (const f of [failing, ...others]) await applyFix(node, f, { mayFail: /^kubectl / });
    await until('all is well again', 60_000, async () => {
      const ids = (await look()).findings;
      return ids.every((f) => f.status === 'pass') ? ids : null;
    });
  });

  it('that none runs is found from the cluster and from the node, by the rules that it left', async () => {
    await labCommand('service', node, 'kube-proxy', 'stop');
    await kubectl(['delete', 'pod', '-n', 'kube-system', 'kube-proxy-log', '--wait=true']);
    // a server's cache may show a pod that has just been deleted: until then nobody can tell
    await until('that none runs is seen', 30_000, async () => {
      const found = findingOf(await look(), 'kube-proxy/sync-failing');
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
      const found = (await look()).findings;
      return found.every((f) => f.status === 'pass') ? found : null;
    });
  });

  it('a node whose routes are not made yet is found, until who makes them says that they are', async () => {
    await networkUnavailable('True');
    const found = failureOf(await judge(2), 'node/network-agents');
    expect(found).toMatchObject({ messageId: 'network-unavailable', severity: 'error' });
    expect(found.message).toMatch(/NetworkUnavailable for \d+ s\): Node created without a route/);
    await networkUnavailable('False');
    expect(findingOf(await judge(0), 'node/network-agents').status).toBe('pass');
  });

  describe('kube-proxy in nftables mode', () => {
    const check = 'kube-proxy/sync-failing';
    const fakeNft = '/usr/local/sbin/nft';
    // it is missed after two minutes, by checks that are not looked at here
    beforeAll(() => apply(...flannel));

    it('a table that somebody deleted is missed, and made again by the printed command', async () => {
      const rules = 'kube-proxy/rules-missing';
      await settledProxy(other);
      // or else it may be quicker than we
      await labCommand('service', other, 'kube-proxy', 'pause');
      await onNode(other, ['nft', 'delete', 'table', 'ip', 'kube-proxy']);
      const missing = failureOf(await lookAt(other, rules), rules);
      expect(missing).toMatchObject({ severity: 'critical' });
      await applyFix(other, missing);
      await until('it is there again', 60_000, async () =>
        findingOf(await lookAt(other, rules), rules).status === 'pass' ? true : null,
      );
    });

    it('rules that nft refuses are found, and gone when it takes them again', async () => {
      const sync = async () => findingOf(await lookAt(other, check), check);
      // kube-proxy looks once, at its start, where nft is
      await onNode(other, [
        'sh',
        '-c',
        `printf '%s\\n' '#!/bin/sh' 'case "$*" in *--check*) ;; *-f*) [ ! -e /root/nft-fails ] || { echo "Error: Could not process rule: Operation not supported" >&2; exit 1; } ;; esac' 'exec /usr/sbin/nft "$@"' >${fakeNft}; chmod +x ${fakeNft}`,
      ]);
      await labCommand('service', other, 'kube-proxy', 'stop');
      await labCommand('service', other, 'kube-proxy', 'start');
      await until('it has written its rules', 60_000, async () => ((await sync()).status === 'pass' ? true : null));
      await onNode(other, ['touch', '/root/nft-fails']);
      await apply(
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 'nft', namespace }, spec: { ports: [{ port: 80 }] } },
      );
      const failing = await until('it is seen', 150_000, async () => {
        const found = await sync();
        return found.status === 'fail' ? found : null;
      });
      expect(failing).toMatchObject({ messageId: 'failing', severity: 'error' });
      await onNode(other, ['rm', '/root/nft-fails']);
      await applyFix(other, failing);
      await until('all is well again', 60_000, async () => ((await sync()).status === 'pass' ? true : null));
    });
  });

  // last: it takes its time to be missed
  it('a DaemonSet of the CNI that has no pod here is found, and the printed command tells why', async () => {
    await apply(...flannel);
    const found = await until('the DaemonSet is old enough to be missed', 240_000, async () => {
      const report = await look();
      const finding = findingOf(report, 'node/network-agents');
      return finding.status === 'fail' ? finding : null;
    });
    expect(found).toMatchObject({
      messageId: 'missing',
      severity: 'error',
      data: { daemonSet: 'kube-flannel/kube-flannel-ds', agent: 'Flannel', role: 'cni' },
    });
    const [command = ''] = found.fix?.now ?? [];
    expect(await kubectl(command.split(' ').slice(1))).toMatch(/FailedCreate.*exceeded quota/);
    await kubectl(['delete', 'resourcequota', '-n', 'kube-flannel', 'none']);
    // by itself the controller tries again later and later
    await kubectl(['annotate', 'daemonset', '-n', 'kube-flannel', 'kube-flannel-ds', 'quota=none']);
    await until('its pod is here', 120_000, async () => {
      const report = await look();
      return findingOf(report, 'node/network-agents').status === 'pass' ? true : null;
    });
  });
});
