import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  apply,
  diagnose,
  kubectl,
  netdoctor,
  netdoctorArgv,
  netdoctorPods,
  reportOf,
  startInLab,
  startNetdoctor,
  until,
} from '../support/cluster.ts';

const restricted = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'e2e-restricted', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

interface PodStatus {
  readonly metadata: { readonly name: string };
  readonly spec: object;
  readonly status: { readonly phase: string };
}
const ours = async (): Promise<PodStatus[]> => {
  const out = await kubectl([
    'get',
    'pods',
    '-n',
    'kube-system',
    '-l',
    'app.kubernetes.io/managed-by=kubectl-netdoctor',
    '-o',
    'json',
  ]);
  return (JSON.parse(out) as { items: PodStatus[] }).items;
};
const gone = (): Promise<true> =>
  until('no pod of netdoctor is left', 15_000, async () => ((await netdoctorPods()).length === 0 ? true : null));

describe('the debug pod', () => {
  let node = '';
  beforeAll(async () => {
    node = await kubectl(['get', 'nodes', '-l', 'kubernetes.io/os=linux', '-o', 'jsonpath={.items[0].metadata.name}']);
    await apply(restricted);
  });
  afterAll(() => kubectl(['delete', 'namespace', 'e2e-restricted', '--wait=false']));

  it('is gone within 15 s after a run', async () => {
    const ended = await netdoctor(['node', node, '--window', '0', '-o', 'json']);
    expect([0, 2, 3], ended.stderr).toContain(ended.code);
    await gone();
  });

  it('is what it is said to be: unprivileged, tolerant, bounded', async () => {
    const run = startNetdoctor(['node', node, '--window', '8s', '-o', 'json']);
    const [pod] = await until('the pod', 20_000, async () => {
      const pods = await ours();
      return pods.length > 0 ? pods : null;
    });
    expect(pod?.spec).toMatchObject({
      hostNetwork: true,
      hostPID: true,
      nodeName: node,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      activeDeadlineSeconds: expect.any(Number),
      tolerations: expect.arrayContaining([{ operator: 'Exists' }]),
      containers: [
        {
          securityContext: {
            privileged: false,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: {
              drop: ['ALL'],
              add: ['DAC_READ_SEARCH', 'NET_ADMIN', 'NET_RAW', 'SYS_CHROOT', 'SYS_PTRACE'],
            },
            seccompProfile: { type: 'RuntimeDefault' },
          },
          volumeMounts: [{ mountPath: '/host', readOnly: true }],
        },
      ],
    });
    await run.done;
    await gone();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is deleted on %s', async (signal) => {
    const run = startNetdoctor(['node', node, '--window', '60s']);
    await until('the program runs', 30_000, async () =>
      (await ours()).some((p) => p.status.phase === 'Running') ? true : null,
    );
    run.kill(signal);
    const ended = await run.done;
    expect(ended.code).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
    expect(ended.stdout).toBe('');
    await gone();
  });

  it('ends itself when the plugin was killed', async () => {
    const run = startNetdoctor(['node', node, '--window', '5s']);
    await until('the program runs', 30_000, async () =>
      (await ours()).some((p) => p.status.phase === 'Running') ? true : null,
    );
    run.kill('SIGKILL');
    await run.done;
    await until('the pod has ended', 60_000, async () =>
      (await ours()).every((p) => p.status.phase !== 'Running') ? true : null,
    );
    await kubectl(['delete', 'pods', '-n', 'kube-system', '-l', 'app.kubernetes.io/managed-by=kubectl-netdoctor']);
  });

  it('is not made for a node that is not there', async () => {
    const ended = await netdoctor(['node', 'no-such-node']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('Error from server (NotFound): nodes "no-such-node" not found');
    expect(await netdoctorPods()).toEqual([]);
  });

  it('that PodSecurity refuses is told with the whole message and what to do', async () => {
    const ended = await netdoctor(['node', node, '--probe-namespace', 'e2e-restricted']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/violates PodSecurity "restricted/);
    expect(ended.stderr).toMatch(/--probe-namespace/);
  });

  it('without rights is told with the server’s words', async () => {
    const ended = await netdoctor(['node', node, '--as', 'nobody']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/User "nobody" cannot create resource "pods"/);
    await gone();
  });

  it('whose image is not there is told at once, and deleted', async () => {
    const ended = await netdoctor([
      'node',
      node,
      '--image',
      'no-such-image:1',
      '--image-pull-policy',
      'Never',
      '--timeout',
      '120s',
    ]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/no-such-image:1/);
    expect(ended.stderr).toMatch(/--image/);
    expect(ended.ms).toBeLessThan(60_000);
    await gone();
  });

  it('with minimal rights has no capability; what it then cannot read is skipped, and no reason for exit 3', async () => {
    const report = reportOf(await netdoctor(['node', node, '--rights', 'minimal', '--window', '0', '-o', 'json']), 0);
    expect(report.findings.filter((f) => f.status === 'unknown')).toEqual([]);
    await gone();
  });

  it('-v tells the commands that were run, and what they said', async () => {
    const ended = await netdoctor(['node', node, '--window', '0', '-v']);
    expect(ended.stderr).toMatch(/^\$ cat \/proc\/sys\/net\/ipv4\/ip_local_port_range\n {2}\d+ +\d+$/m);
    expect(ended.stderr).not.toContain('{node}');
  });

  it('a reader that goes away early leaves no pod behind', async () => {
    const ended = await startInLab([
      'sh',
      '-c',
      '"$@" | head -1',
      'sh',
      ...netdoctorArgv,
      'node',
      node,
      '--window',
      '0',
    ]).done;
    expect(ended.stdout).toMatch(/^Node: /);
    await gone();
  });

  it('gives the same as a report of one node', async () => {
    const report = await diagnose([node, '--window', '0'], 0);
    expect(report).toMatchObject({
      apiVersion: 'netdoctor/v1',
      kind: 'Report',
      targets: [{ kind: 'node', name: node, via: 'debug-pod' }],
    });
  });
});
