// lab: it stops kubelets, container runtimes and the API server, and deletes a node
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  afterOutage,
  answers,
  type Ended,
  fewChecks,
  kubectl,
  labCommand,
  netdoctorPods,
  newKubelets,
  type Running,
  startNetdoctor,
  succeeds,
  until,
} from '../support/cluster.ts';
import { threeTries } from '../support/three-tries.ts';

const node = 'node3';
/** What ends sooner has not waited for its own time-out (30 s) or for the window (60 s). How soon it was is in the log. */
const notByTimeOutMs = 28_000;
const label = 'app.kubernetes.io/managed-by=kubectl-netdoctor';

const service = (name: string, what: 'start' | 'stop' | 'pause' | 'resume', where = node): Promise<void> =>
  labCommand('service', where, name, what);

const none = (limitMs = 15_000): Promise<true> =>
  until('no pod of netdoctor is left', limitMs, async () => ((await netdoctorPods()).length === 0 ? true : null));

const phases = (): Promise<string> =>
  kubectl(['get', 'pods', '-n', 'kube-system', '-l', label, '-o', 'jsonpath={.items[*].status.phase}']);

/** A run whose program has been at work for a second. */
const reading = async (...more: readonly string[]): Promise<Running> => {
  const run = startNetdoctor(['node', node, '-o', 'json', ...fewChecks, ...more]);
  let over: Ended | null = null;
  void run.done.then((ended) => {
    over = ended;
  });
  await until('the program runs', 30_000, async () => {
    if (over) throw new Error(`it has ended already: exit ${over.code}\n${over.stderr}`);
    return (await phases()) === 'Running' ? true : null;
  });
  await new Promise((r) => setTimeout(r, 1000));
  return run;
};

/** How a run ended, and how long after `since`. */
const endOf = async (run: Running, since: number): Promise<Ended & { readonly after: number }> => {
  const ended = await run.done;
  const after = performance.now() - since;
  console.log(`${Math.round(after)} ms, exit ${ended.code}: ${ended.stderr.trim().split('\n').slice(-6).join('\n  ')}`);
  return { ...ended, after };
};

/** A run while something restarts that it bears for a while. Where that was away for longer, on a busy machine, once more, three times at most. */
const restarted = (window: string, bornMs: number, restart: () => Promise<void>) =>
  threeTries(
    async () => {
      const run = await reading('--window', window);
      const since = performance.now();
      await restart();
      const awayMs = performance.now() - since;
      return { ...(await endOf(run, performance.now())), awayMs };
    },
    ({ awayMs }) => awayMs < bornMs,
    async ({ awayMs }) => {
      console.log(`away for ${Math.round(awayMs)} ms: once more`);
      await newKubelets(node);
      await none(60_000);
    },
  );

/** The reading ended early: what came is reported, and what did not is told with its reason. */
const toldEarly = (ended: Ended, why: RegExp): void => {
  // 0: what was read by then was enough to judge this node
  expect([0, 2, 3]).toContain(ended.code);
  expect(JSON.parse(ended.stdout)).toMatchObject({ kind: 'Report' });
  const told = ended.stderr
    .split('\n')
    .find((line) => line.includes('ended early, what had not come by then is unknown'));
  expect(told).toMatch(why);
};

describe('a cluster that breaks during a run', () => {
  beforeAll(() => labCommand('node', node));
  let serverWasAway = false;
  afterEach(async () => {
    await service('kube-apiserver', 'start', 'cp');
    if (serverWasAway) await newKubelets(node);
    serverWasAway = false;
    for (const name of ['containerd', 'kubelet']) {
      await service(name, 'resume');
      await service(name, 'start');
    }
    await labCommand('node', node);
    await kubectl(['delete', 'pods', '-n', 'kube-system', '-l', label, '--wait=false']);
    await none(60_000);
  });
  afterAll(async () => {
    await labCommand('node', node, '--remove');
    await afterOutage('node1', 'node2');
  });

  it.each(['stop', 'pause'] as const)('the kubelet does not take the pod up (%s)', async (how) => {
    await service('kubelet', how);
    const ended = await endOf(startNetdoctor(['node', node, ...fewChecks]), performance.now());
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/was not taken up: (the kubelet of node3 has not answered|node node3 is NotReady)/);
    expect(ended.stdout).toBe('');
    expect(ended.after).toBeLessThan(notByTimeOutMs);
    await none(1000);
  });

  it.each(['stop', 'pause'] as const)('the kubelet goes while the program reads (%s)', async (how) => {
    const run = await reading('--window', '60s');
    const since = performance.now();
    await service('kubelet', how);
    const ended = await endOf(run, since);
    toldEarly(ended, /kubelet of node3 (has not answered|does not answer)|node node3 is NotReady/);
    expect(ended.stderr).toMatch(/is marked for deletion; it goes as soon as the kubelet of node3 can end it/);
    expect(ended.after).toBeLessThan(notByTimeOutMs);
  });

  it('a kubelet that only restarts is borne', async () => {
    const ended = await restarted('12s', 6000, async () => {
      await service('kubelet', 'stop');
      await service('kubelet', 'start');
      await until('it answers', 60_000, () => answers(node));
    });
    expect([0, 2]).toContain(ended.code);
    expect(ended.stderr).not.toContain('ended early');
    await none(60_000);
  });

  it('the container runtime is away before the pod starts', async () => {
    await service('containerd', 'stop');
    const ended = await endOf(startNetdoctor(['node', node, '--timeout', '60s', ...fewChecks]), performance.now());
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(
      /the container runtime of node3 does not answer: .*(containerd\.sock|runtime is down)/,
    );
    expect(ended.after).toBeLessThan(30_000);
  });

  it('the container runtime goes while the program reads', async () => {
    const run = await reading('--window', '60s');
    const since = performance.now();
    await service('containerd', 'stop');
    const ended = await endOf(run, since);
    toldEarly(ended, /unable to retrieve container logs|container runtime is down/);
    expect(ended.after).toBeLessThan(notByTimeOutMs);
  });

  it('the node is deleted before the pod starts', async () => {
    await service('kubelet', 'pause');
    const run = startNetdoctor(['node', node, ...fewChecks]);
    await until('the pod is there', 20_000, async () => ((await netdoctorPods()).length > 0 ? true : null));
    const since = performance.now();
    await kubectl(['delete', 'node', node]);
    const ended = await endOf(run, since);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('Error from server (NotFound): nodes "node3" not found');
    expect(ended.after).toBeLessThan(20_000);
    await none(1000);
    await service('kubelet', 'resume');
    await service('kubelet', 'stop');
  });

  it('the node is deleted while the program reads', async () => {
    const run = await reading('--window', '60s');
    const since = performance.now();
    await kubectl(['delete', 'node', node]);
    await service('kubelet', 'stop');
    const ended = await endOf(run, since);
    toldEarly(ended, /the node was deleted meanwhile/);
    expect(ended.after).toBeLessThan(20_000);
  });

  it('an API server that restarts is borne', async () => {
    const ended = await restarted('15s', 7500, async () => {
      serverWasAway = true;
      await service('kube-apiserver', 'stop', 'cp');
      await new Promise((r) => setTimeout(r, 3000));
      await service('kube-apiserver', 'start', 'cp');
      await until('it answers', 60_000, () => succeeds(kubectl(['get', '--raw', '/readyz'])));
    });
    expect([0, 2]).toContain(ended.code);
    expect(ended.stderr).not.toContain('ended early');
    // or else it may ask only after half a minute what it has to end
    await newKubelets(node);
    await none(60_000);
  });

  it.each(['stop', 'pause'] as const)('the API server goes for good while the program reads (%s)', async (how) => {
    const run = await reading('--window', '60s');
    const since = performance.now();
    serverWasAway = true;
    await service('kube-apiserver', how, 'cp');
    const ended = await endOf(run, since);
    await service('kube-apiserver', 'resume', 'cp').catch(() => undefined);
    toldEarly(ended, /API server/);
    expect(ended.stderr).toMatch(
      /could not delete the debug pod [\s\S]*delete pod --namespace kube-system netdoctor-node3-/,
    );
    expect(ended.after).toBeLessThan(notByTimeOutMs);
  });
});
