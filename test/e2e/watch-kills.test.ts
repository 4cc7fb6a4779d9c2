// lab: it stops the API server and kubelets, and looks at the tracefs of the kernel that the nodes share
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import {
  afterOutage,
  kubectl,
  labCommand,
  netdoctor,
  onNode,
  patient,
  startNetdoctor,
  until,
  watched,
} from '../support/cluster.ts';
import { seeded } from '../support/seeded.ts';

const random = seeded();
const label = 'app.kubernetes.io/managed-by=kubectl-netdoctor';
const nodes = ['node1', 'node2'];
const args = (node: string, watch: string): string[] => [
  ...['node', node, '--window', '0', '--checks', 'ports/nodeport-overlap', '--watch-for', watch],
];

/** The kernel is this machine's, so its tracing shows the instances of all nodes that are namespaces. */
const instances = (): string[] => {
  const script =
    'mountpoint -q /sys/kernel/tracing || mount -t tracefs t /sys/kernel/tracing; ls /sys/kernel/tracing/instances';
  const { stdout, status, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((l) => l.startsWith('netdoctor-'));
};
const running = async (): Promise<string[]> => {
  const out = await kubectl([
    ...['get', 'pods', '-n', 'kube-system', '-l', label, '--field-selector', 'status.phase=Running'],
    ...['-o', 'jsonpath={.items[*].metadata.name}'],
  ]);
  return out.split(' ').filter((n) => n !== '');
};

/** Who is killed, or is away for three seconds. */
const acts: Readonly<Record<string, (node: string, kill: (signal: NodeJS.Signals) => void) => unknown>> = {
  'the plugin, by SIGKILL': (_, kill) => kill('SIGKILL'),
  'the plugin, by SIGINT': (_, kill) => kill('SIGINT'),
  'the pod': () => kubectl(['delete', 'pods', '-n', 'kube-system', '-l', label, '--wait=false']),
  'the pod, by force': () =>
    kubectl(['delete', 'pods', '-n', 'kube-system', '-l', label, '--grace-period=0', '--force', '--wait=false']),
  'the program and all in its cgroup': (node) => onNode(node, ['sh', '-c', 'pkill -9 -f "netdoctor [w]atch"; true']),
  'the kubelet': async (node) => {
    await labCommand('service', node, 'kubelet', 'stop');
    await sleep(3000);
    await labCommand('service', node, 'kubelet', 'start');
  },
  'the API server': async () => {
    await labCommand('service', 'cp', 'kube-apiserver', 'stop');
    await sleep(3000);
    await labCommand('service', 'cp', 'kube-apiserver', 'start');
  },
};

// how many watches are broken, four at a time; twenty take five minutes
const rounds = Number(process.env.NETDOCTOR_WATCH_ROUNDS ?? 2);

describe('a watch that is broken', () => {
  afterAll(async () => {
    await afterOutage(...nodes);
    await netdoctor(['cleanup', '--force', '--namespace', 'kube-system']);
  });

  it('goes on when the API server is away for a while, and misses nothing', async () => {
    let stopped: Promise<unknown> | null = null;
    const watch = await watched('node1', args('node1', '20s'), {
      onEvent: () => {
        stopped ??= Promise.resolve(acts['the API server']?.('node1', () => {}));
      },
    });
    await stopped;
    const said = `${watch.ended.stderr} ${JSON.stringify(watch.events)}`;
    expect(watch.ended.code, said).toBe(0);
    expect(watch.events[0]).toMatchObject({ event: 'begin', by: 'trace' });
    expect(watch.events.at(-1), said).toMatchObject({ event: 'end', why: 'time' });
    expect(watch.ended.stderr).toMatch(/node1: the watch goes on, but what it says does not come: .*; trying again/);
    expect(watch.ended.stderr).toMatch(/node1: it comes again, and nothing is missing/);
    // the kernel's time of each is its own
    const once = watch.events.flatMap((e) => (e.event === 'connect' || e.event === 'reset' ? [e.atSeconds] : []));
    expect(once.length).toBe(new Set(once).size);
    expect(instances()).toEqual([]);
    await afterOutage(...nodes);
  });

  it('on one of two nodes says when and why, the other goes on, and all is read once more', async () => {
    let deleted: Promise<unknown> | null = null;
    const watch = await watched(
      'node1',
      ['node', ...nodes, ...patient, '--window', '0', '--checks', 'ports/nodeport-overlap', '--watch-for', '25s'],
      {
        onEvent: (e) => {
          if (e['node'] !== 'node1') return;
          deleted ??= kubectl([
            ...['delete', 'pods', '-n', 'kube-system', '-l', label, '--field-selector', 'spec.nodeName=node1'],
            '--wait=false',
          ]);
        },
      },
    );
    await deleted;
    const said = `${watch.ended.stderr} ${JSON.stringify(watch.events)}`;
    expect(watch.ended.code, said).toBe(3);
    expect(watch.ended.stderr).toMatch(/the watch of node node1 broke off after \d+s of 25s: /);
    expect(watch.events, said).toContainEqual(expect.objectContaining({ event: 'end', why: 'time', node: 'node2' }));
    const report = watch.report;
    expect(report?.unwatched, said).toMatchObject([{ node: 'node1', why: expect.stringMatching(/pod/) }]);
    expect(report?.unwatched?.[0]?.seconds).toBeLessThan(20);
    // both were read after it, too
    expect(report?.targets, said).toMatchObject([
      { name: 'node1', via: 'debug-pod', unread: null },
      { name: 'node2', via: 'debug-pod', unread: null },
    ]);
    expect(watch.ended.stderr).not.toMatch(/the reading after the watch failed/);
    expect(instances()).toEqual([]);
  });

  it('leaves no instance behind its deadline, and no pod that runs', async () => {
    const names = Object.keys(acts);
    for (let round = 0; round < rounds; round++) {
      const broken = Array.from({ length: 4 }, async (_, n) => {
        const node = nodes[n % nodes.length] ?? 'node1';
        const run = startNetdoctor(args(node, '12s'));
        const moment = Math.round(random() * 14_000);
        const name = names[Math.floor(random() * names.length)] ?? '';
        await sleep(moment);
        await Promise.resolve(acts[name]?.(node, run.kill)).catch((error: unknown) => console.log(String(error)));
        const { code, signal, ms } = await run.done;
        console.log(`${node}, after ${moment} ms: ${name}: exit ${code ?? signal} after ${Math.round(ms)} ms`);
      });
      await Promise.all(broken);
      // 12 s of watch, and ten more for its watchdog
      await until('no instance is left', 40_000, async () => (instances().length === 0 ? true : null));
      await until('no pod runs', 40_000, async () => ((await running()).length === 0 ? true : null));
    }
  }, 900_000);
});
