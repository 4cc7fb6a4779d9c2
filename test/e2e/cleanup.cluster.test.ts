import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply, fewChecks, kubectl, netdoctor, netdoctorPods, startNetdoctor, until } from '../support/cluster.ts';

const namespace = 'e2e-cleanup';

/** Bears the label, and nothing else that makes a debug pod. */
const labelled = (node: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ name: 'netdoctor-lookalike', namespace },
    labels: { 'app.kubernetes.io/managed-by': 'kubectl-netdoctor', 'netdoctor.io/run': 'x' },
  },
  spec: {
    ...{ nodeName: node, activeDeadlineSeconds: 1, terminationGracePeriodSeconds: 0, restartPolicy: 'Never' },
    containers: [{ name: 'probe', image: 'busybox:1.36', command: ['true'] }],
  },
});

interface Pods {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: { readonly phase: string };
  }[];
}
const phases = async (): Promise<Map<string, string>> => {
  const pods = JSON.parse(await kubectl(['get', 'pods', '-n', namespace, '-o', 'json'])) as Pods;
  return new Map(pods.items.map((p) => [p.metadata.name, p.status.phase]));
};

describe('cleanup', () => {
  let node = '';
  const run = (window: string) =>
    startNetdoctor(['node', node, '--probe-namespace', namespace, '--window', window, ...fewChecks]);
  const running = (besides: readonly string[]): Promise<string> =>
    until('a pod runs', 30_000, async () => {
      const found = [...(await phases())].find(([name, phase]) => phase === 'Running' && !besides.includes(name));
      return found?.[0] ?? null;
    });

  beforeAll(async () => {
    node = await kubectl(['get', 'nodes', '-l', 'kubernetes.io/os=linux', '-o', 'jsonpath={.items[0].metadata.name}']);
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await apply(labelled(node));
  });
  afterAll(() => kubectl(['delete', 'namespace', namespace, '--wait=false']));

  it('removes the pod of a killed run once that has ended, and keeps that of a run at work', async () => {
    const killed = run('6s');
    const dead = await running(['netdoctor-lookalike']).finally(() => killed.kill('SIGKILL'));
    await killed.done;
    const early = await netdoctor(['cleanup', '-n', namespace]);
    expect(early.stdout).toMatch(new RegExp(`^pod "${dead}" kept in ${namespace} namespace: `));
    await until('the pod has ended', 60_000, async () => ((await phases()).get(dead) === 'Running' ? null : true));
    const other = run('90s');
    const alive = await running(['netdoctor-lookalike', dead]);

    const dry = await until('the pod is left over', 60_000, async () => {
      const ended = await netdoctor(['cleanup', '--dry-run']);
      return ended.stdout.includes(`pod "${dead}" deleted`) ? ended : null;
    });
    expect(dry.stdout).toContain(`pod "${dead}" deleted from ${namespace} namespace (dry run)\n`);
    expect([...(await phases()).keys()]).toContain(dead);

    const ended = await netdoctor(['cleanup', '-n', namespace]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain(`pod "${dead}" deleted from ${namespace} namespace\n`);
    expect(ended.stdout).toMatch(new RegExp(`^pod "${alive}" kept in .* ends by itself in \\d+s`, 'm'));
    expect(ended.stderr).toContain('pod "netdoctor-lookalike"');
    const left = await phases();
    expect([...left.keys()].sort()).toEqual([alive, 'netdoctor-lookalike'].sort());
    expect(left.get(alive)).toBe('Running');

    const forced = await netdoctor(['cleanup', '-n', namespace, '--force']);
    expect(forced.stdout).toBe(`pod "${alive}" deleted from ${namespace} namespace\n`);
    await other.done;
    await until('it is gone', 30_000, async () => ((await netdoctorPods()).includes(alive) ? null : true));
  });

  it('says so where there is nothing', async () => {
    const ended = await netdoctor(['cleanup', '-n', 'e2e-cleanup-none']);
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: 'No leftovers found.\n' });
  });

  it('one that may not delete is told why', async () => {
    const ended = await netdoctor(['cleanup', '--as', 'nobody']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/User "nobody" cannot list resource "pods"/);
  });
});
