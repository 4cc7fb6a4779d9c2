// lab: it makes Node objects that no machine stands behind
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { apply, kubectl, netdoctor, netdoctorPods, reportOf, startNetdoctor, until } from '../support/cluster.ts';

const label = 'e2e-several';
const nodeObject = (name: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { [label]: 'yes', 'kubernetes.io/hostname': name }, ...more },
  spec: { unschedulable: true },
});
const setStatus = (name: string, status: object): Promise<string> =>
  kubectl(['patch', 'node', name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]);
const ready = (status: 'True' | 'False' | 'Unknown', message: string): object => ({
  conditions: [
    {
      type: 'Ready',
      status,
      reason: 'E2e',
      message,
      lastHeartbeatTime: new Date().toISOString(),
      lastTransitionTime: '2026-01-02T03:04:05Z',
    },
  ],
});

describe('several nodes', () => {
  beforeAll(async () => {
    await apply(
      nodeObject('e2e-silent'),
      nodeObject('e2e-windows'),
      nodeObject('e2e-leaving', { finalizers: ['example.com/e2e'] }),
    );
    await setStatus('e2e-silent', ready('Unknown', 'Kubelet stopped posting node status.'));
    await setStatus('e2e-windows', { nodeInfo: { operatingSystem: 'windows' } });
    await kubectl(['label', 'node', 'node1', 'node2', `${label}=yes`, '--overwrite']);
    await kubectl(['delete', 'node', 'e2e-leaving', '--wait=false']);
  });
  afterAll(async () => {
    await kubectl(['label', 'node', 'node1', 'node2', `${label}-`]);
    await kubectl(['patch', 'node', 'e2e-leaving', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
    await kubectl(['delete', 'node', 'e2e-silent', 'e2e-windows', 'e2e-leaving', '--ignore-not-found']);
  });

  const run = (...args: readonly string[]) => netdoctor(['node', ...args, '--window', '0', '-o', 'json']);
  const namesOf = (report: Report): readonly string[] => report.targets.map((t) => t.name);
  const judged = (report: Report, name: string): readonly string[] =>
    report.findings.filter((f) => f.target.name === name && f.status === 'pass').map((f) => f.check);

  it('named: one report, in the order in which they were named', async () => {
    const report = reportOf(await run('node2', 'node/node1', 'node2'), 0);
    expect(namesOf(report)).toEqual(['node2', 'node1']);
    for (const name of ['node1', 'node2']) expect(judged(report, name)).toContain('ports/nodeport-overlap');
  });

  it('a bad one does not fail the rest, and is told with near names', async () => {
    const ended = await run('node1', 'node22');
    const report = reportOf(ended, 3);
    expect(report.targets[1]).toMatchObject({
      name: 'node22',
      unread: expect.stringMatching(/^Error from server \(NotFound\): nodes "node22" not found\nDid you mean .*node2/),
    });
    expect(judged(report, 'node1')).toContain('kernel/ip-forward');
  });

  it('chosen by labels, those that no pod can read among them: the API alone is asked about these', async () => {
    const ended = await run('-l', `${label}=yes`);
    const report = reportOf(ended, 3);
    expect(namesOf(report)).toEqual(['e2e-leaving', 'e2e-silent', 'e2e-windows', 'node1', 'node2']);
    const reasons = Object.fromEntries(report.targets.map((t) => [t.name, t.kind === 'node' ? t.unread : undefined]));
    expect(reasons).toMatchObject({
      'e2e-silent': 'node e2e-silent is NotReady since 2026-01-02T03:04:05Z: Kubelet stopped posting node status',
      'e2e-windows': 'node e2e-windows runs windows; netdoctor reads Linux nodes only',
      'e2e-leaving': expect.stringMatching(/^node e2e-leaving is being deleted \(since /),
      node1: null,
      node2: null,
    });
    for (const name of ['e2e-silent', 'e2e-windows', 'e2e-leaving']) {
      // how the pods of a silent kubelet are nobody knows; the cluster finds out after a while that the others are silent too
      const agents = judged(report, name).includes('node/network-agents') ? ['node/network-agents'] : [];
      if (name === 'e2e-silent') expect(agents).toEqual([]);
      expect(judged(report, name)).toEqual([...agents, 'probes/failing']);
      expect(report.findings.find((f) => f.target.name === name && f.check === 'kernel/ip-forward')).toMatchObject({
        status: 'unknown',
        message: reasons[name],
      });
    }
    for (const name of ['node1', 'node2']) expect(judged(report, name)).toContain('kernel/ip-forward');
  });

  it('one that is not ready is told at once, not by time-out', async () => {
    const ended = await netdoctor(['node', 'e2e-silent']);
    expect(ended.code).toBe(3);
    expect(ended.ms).toBeLessThan(10_000);
    expect(ended.stderr).toContain('node e2e-silent is NotReady since');
    expect(ended.stdout).toContain('not read, only the API was asked');
  });

  it('what only the API has to say is judged in full', async () => {
    expect((await run('e2e-silent', '--checks', 'probes/failing')).code).toBe(0);
  });

  it('a screen tells each in a row, and who was not read is not called healthy', async () => {
    const ended = await netdoctor([
      'node',
      'node1',
      'e2e-silent',
      'nope',
      '--window',
      '0',
      '--checks',
      'ports/nodeport-*,kernel/ip-forward',
    ]);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/^NODE +KERNEL +KUBE-PROXY +RESULT$/m);
    expect(ended.stdout).toMatch(/^node1 +\S+ +iptables +\S no problem found$/m);
    expect(ended.stdout).toMatch(/^e2e-silent +- +- +\? not read, only the API was asked$/m);
    expect(ended.stdout).toMatch(/^nope +- +- +\? not read$/m);
  });

  it('no node with these labels is no success', async () => {
    const ended = await run('-l', 'no=such');
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: 'error: No resources found: no node has no=such.\n' });
    const wrong = await run('-l', '!!');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/^Error from server \(BadRequest\): /);
  });

  it('a server that is not there is told once', async () => {
    const ended = await run('node1', 'node2', '--server', 'https://127.0.0.1:1');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr.match(/127\.0\.0\.1:1 was refused/g)).toHaveLength(1);
  });

  it('Ctrl-C deletes the pods of all of them', async () => {
    const run = startNetdoctor(['node', 'node1', 'node2', '--window', '60s']);
    const ours = async () => (await netdoctorPods()).filter((name) => /^netdoctor-node[12]-/.test(name));
    await until('both pods', 30_000, async () => ((await ours()).length >= 2 ? true : null));
    run.kill('SIGINT');
    expect((await run.done).code).toBe(130);
    await until('no pod is left', 15_000, async () => ((await ours()).length === 0 ? true : null));
  });
});
