import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { at } from '../../src/lib/json.ts';
import { type PodWatchOptions, type PodWatchParts, watchByPod } from '../../src/transports/watch/debug-pod.ts';
import type { WatchFrame } from '../../src/transports/watch/frames.ts';
import { writeWatch } from '../../src/transports/watch/program.ts';
import { watchText } from '../support/watch-text.ts';
import { needRoot, newNonce } from './collector/run-program.ts';
import {
  containerState,
  type FakeApiserver,
  fakeApiserver,
  nodeReady,
  type Rule,
  refuse,
} from './debug-pod/fake-apiserver.ts';
import { type PodLog, podLog } from './debug-pod/pod-log.ts';

const nonce = 'n0123456789abcdef';
const { hello, frame: written, end } = watchText(nonce, 'script:watch/events');
/** Frame `n`, written a second after the one before. */
const frame = (n: number): string[] => written(n, `${1000 + n}.00`, `text ${n}`);
const frames = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => frame(from + i)).flat();
const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `text ${i}\n`);

const running = containerState({ running: { startedAt: 'now' } }, 'Running');
const ended = (exitCode: number, reason: string, phase: string): object =>
  containerState({ terminated: { exitCode, reason } }, phase);

const isLog = (url: URL): boolean => url.pathname.endsWith('/log');
const patience = { timeout: 45_000, interval: 20 };

/** Server and log of a pod that starts as soon as it is made. */
const cluster = async (...rules: readonly Rule[]) => {
  const log = podLog();
  const server = await fakeApiserver(...rules, log.rule);
  void server.created.then(() => server.setStatus(running));
  return { log, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
};

interface Watching {
  readonly told: readonly WatchFrame[];
  readonly notes: readonly string[];
  /** Commands that delete a pod, as they were told. */
  readonly left: readonly (string | null)[];
  readonly done: Promise<{ readonly complete: boolean }>;
  /** Until so many frames were told. */
  readonly until: (count: number) => Promise<void>;
}

const watch = (
  server: FakeApiserver,
  more: Partial<PodWatchOptions> = {},
  signal = new AbortController().signal,
  onFrame: (frame: WatchFrame) => Promise<void> | void = () => {},
  write: PodWatchParts['write'] = () => 'exit 0',
): Watching => {
  const told: WatchFrame[] = [];
  const notes: string[] = [];
  const left: (string | null)[] = [];
  const options: PodWatchOptions = {
    ...{ image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent', namespace: 'kube-system', rights: 'default' },
    ...{ runId: 'run1', nonce, seconds: 60, timeoutSeconds: 20, tracefsMounted: true },
    ...more,
  };
  const go = async () => {
    const onProgress: PodWatchParts['onProgress'] = (p) => {
      if (p.kind === 'note') notes.push(p.text);
    };
    const onLeftBehind = (command: string | null): void => void left.push(command);
    const parts = { api: server.api, node: 'n1', options, onProgress, onLeftBehind, write };
    const it = watchByPod(parts, signal);
    try {
      for (;;) {
        const next = await it.next();
        if (next.done) return next.value;
        told.push(next.value);
        await onFrame(next.value);
      }
    } finally {
      await it.return({ complete: false, hello: null });
    }
  };
  const done = go();
  done.catch(() => undefined);
  const until = (count: number) => vi.waitFor(() => expect(told).toHaveLength(count), patience);
  return { told, notes, left, done, until };
};

const deletedOnce = (server: FakeApiserver, graceSeconds: number): void => {
  expect(server.deletions).toMatchObject([{ gracePeriodSeconds: graceSeconds, preconditions: { uid: 'uid-1' } }]);
  expect(server.exists()).toBe(false);
};
const textsOf = ({ told }: Watching): string[] => told.map((f) => f.text);
const followed = (log: PodLog) => vi.waitFor(() => expect(log.followers()).toBe(1), patience);
const wentOn = (why: RegExp): unknown =>
  expect.stringMatching(
    new RegExp(`^n1: the watch goes on, but what it says does not come: .*${why.source}.*; trying again$`),
  );
const itComes = 'n1: it comes again, and nothing is missing';

describe('a watch by a pod', () => {
  it('gives what the program prints, once and in order, and deletes the pod', async () => {
    needRoot();
    const children: ReturnType<typeof spawn>[] = [];
    const { server, log, ...rest } = await cluster();
    await using _ = rest;
    const own = newNonce();
    const runs: PodWatchParts['write'] = (o, id) => {
      const child = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'ignore'] });
      children.push(child);
      child.stdin.end(writeWatch({ ...o, hostRoot: '' }, id));
      let rest = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        log.write(lines);
      });
      child.once('exit', () => log.end());
      return 'the program';
    };
    const w = watch(server, { nonce: own, runId: 'podtest', seconds: 3 }, undefined, undefined, runs);
    expect(await w.done).toMatchObject({ complete: true });
    expect(children).toHaveLength(1);
    expect(w.told[0]?.text).toMatch(/^mode\t(trace|sample)\t/);
    expect(w.told.at(-1)?.text).toContain('end\ttime\n');
    expect(w.told.every((f) => f.missed === 0)).toBe(true);
    const times = w.told.map((f) => f.atSeconds);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    expect(w.notes).toEqual([]);
    expect(w.left).toEqual([expect.stringMatching(/^kubectl delete pod --namespace kube-system netdoctor-n1-/), null]);
    expect(log.asked).toEqual([null]);
    deletedOnce(server, 10);
  });

  it.each<[PodWatchOptions['rights'], boolean, readonly string[] | undefined]>([
    ['minimal', true, undefined],
    ['minimal', false, undefined],
    ['default', true, ['SYS_PTRACE']],
    ['default', false, ['SYS_ADMIN', 'SYS_PTRACE']],
    ['full', true, ['SYS_ADMIN', 'SYS_PTRACE']],
  ])('has the capabilities that it needs: rights %s, tracefs mounted %s', async (rights, tracefsMounted, add) => {
    await using c = await cluster();
    c.log.write([hello, end(0)]);
    c.log.end();
    const w = watch(c.server, { rights, tracefsMounted, timeoutSeconds: 7, seconds: 90 });
    expect(await w.done).toMatchObject({ complete: true });
    const spec = at(c.server.made[0], 'spec');
    const capabilities = { drop: ['ALL'], ...(add ? { add } : {}) };
    expect(spec).toMatchObject({
      // the start, the watch, what it may be late, what a log needs
      ...{ activeDeadlineSeconds: 7 + 90 + 30 + 10, terminationGracePeriodSeconds: 10, restartPolicy: 'Never' },
      containers: [{ securityContext: { capabilities, privileged: false } }],
    });
    expect(at(spec, 'containers', 0, 'securityContext', 'capabilities')).toEqual(capabilities);
  });

  it('ends at an interruption without an error, and what had come stays', async () => {
    await using c = await cluster();
    const user = new AbortController();
    const w = watch(c.server, {}, user.signal);
    c.log.write([hello, ...frames(0, 1)]);
    await w.until(2);
    user.abort(new Error('Ctrl-C'));
    expect(await w.done).toEqual({ complete: false, hello: null });
    expect(textsOf(w)).toEqual(texts(2));
    expect(w.notes).toEqual([]);
    expect(w.left.at(-1)).toBeNull();
    deletedOnce(c.server, 10);
  });

  it('ends so before its pod has started', async () => {
    await using server = await fakeApiserver();
    const user = new AbortController();
    const w = watch(server, {}, user.signal);
    await server.created;
    user.abort(new Error('Ctrl-C'));
    expect(await w.done).toEqual({ complete: false, hello: null });
    deletedOnce(server, 0);
  });

  it('deletes the pod when its reader fails', async () => {
    await using c = await cluster();
    c.log.write([hello, ...frames(0, 1)]);
    const w = watch(c.server, {}, undefined, () => {
      throw new Error('no room on the disk');
    });
    await expect(w.done).rejects.toThrow('no room on the disk');
    expect(textsOf(w)).toEqual(texts(1));
    deletedOnce(c.server, 10);
  });

  it.each<[string, Rule, RegExp]>([
    [
      'refused',
      ({ method }, r) => method === 'POST' && refuse(r, 403, 'Forbidden', 'pods is forbidden: exceeded quota: q'),
      /exceeded quota: q\nThe ResourceQuota q of kube-system/,
    ],
    [
      'made, but its log may not be read',
      ({ url }, r) => isLog(url) && refuse(r, 403, 'Forbidden', 'cannot get resource "pods/log"'),
      /^cannot read the log of the debug pod kube-system\/netdoctor-n1-.*cannot get resource "pods\/log"/,
    ],
  ])('throws where its pod is %s', async (_, rule, message) => {
    await using c = await cluster(rule);
    const w = watch(c.server);
    await expect(w.done).rejects.toThrow(message);
    await expect(w.done).rejects.toMatchObject({ name: 'TransportError' });
    expect(c.server.exists()).toBe(false);
  });
});

describe('a connection that breaks off', () => {
  const text = `${frame(2).join('\n')}\n`;
  it.each([
    ['between two frames', 0],
    ['within the first mark', 9],
    ['within a line', text.indexOf('text') + 2],
    ['between two lines', text.indexOf('|')],
    ['within the last mark', text.length - 4],
    ['before the end of the last line', text.length - 1],
    ['behind a frame', text.length],
  ])('%s: nothing comes twice, nothing is missing, and both are told once', async (_, sent) => {
    await using c = await cluster();
    const w = watch(c.server);
    c.log.write([hello, ...frames(0, 1)]);
    await w.until(2);
    await followed(c.log);
    c.log.cut(frame(2), sent);
    await w.until(3);
    await followed(c.log);
    c.log.write([...frames(3, 4), end(5)]);
    expect(await w.done).toMatchObject({ complete: true });
    expect(textsOf(w)).toEqual(texts(5));
    expect(w.told.every((f) => f.missed === 0)).toBe(true);
    expect(w.notes).toEqual([wentOn(/./), itComes]);
    expect(c.log.asked).toEqual([null, expect.toSatisfy((n) => n >= 15 && n <= 30)]);
    deletedOnce(c.server, 10);
  });

  it.each([0, 10, hello.length])('after %i characters: it is read from its beginning', async (sent) => {
    await using c = await cluster();
    const w = watch(c.server);
    await followed(c.log);
    c.log.cut([hello, ...frames(0, 1)], sent);
    await w.until(2);
    c.log.write([end(2)]);
    expect(await w.done).toMatchObject({ complete: true });
    expect(textsOf(w)).toEqual(texts(2));
    expect(c.log.asked).toEqual([null, null]);
  });

  it('again while it catches up: what had not come then is asked for again', async () => {
    await using c = await cluster();
    const w = watch(c.server);
    c.log.write([hello, ...frames(0, 1)]);
    await w.until(2);
    await followed(c.log);
    // the node's clock goes on as ours does
    await sleep(4000);
    c.log.cutNextAfter(1 + 3 * 3);
    c.log.cut(frames(2, 5));
    await w.until(6);
    c.log.write([end(6)]);
    expect(await w.done).toMatchObject({ complete: true });
    expect(textsOf(w)).toEqual(texts(6));
    // what came then was old, however late it came
    const [, first = 0, second = 0] = c.log.asked.map(Number);
    expect(first).toBeGreaterThanOrEqual(4 + 15);
    expect(second).toBeGreaterThanOrEqual(first - 1);
    expect(c.log.asked).toHaveLength(3);
  });

  it('often, with each frame: two notes each time', async () => {
    await using c = await cluster();
    const w = watch(c.server);
    c.log.write([hello, ...frame(0)]);
    for (let n = 1; n <= 3; n++) {
      await w.until(n);
      await followed(c.log);
      c.log.cut(frame(n), 30);
    }
    await w.until(4);
    await followed(c.log);
    c.log.write([end(4)]);
    expect(await w.done).toMatchObject({ complete: true });
    expect(textsOf(w)).toEqual(texts(4));
    expect(w.notes).toEqual([wentOn(/./), itComes, wentOn(/./), itComes, wentOn(/./), itComes]);
  });

  it('and a log that was rotated meanwhile: it tells what is missing', async () => {
    await using c = await cluster();
    const w = watch(c.server);
    c.log.write([hello, ...frames(0, 1)]);
    await w.until(2);
    await followed(c.log);
    c.log.cut(frames(2, 6));
    // begins within frame 4
    c.log.rotate(2 * 3 + 2);
    await w.until(4);
    c.log.write([end(7)]);
    expect(await w.done).toMatchObject({ complete: false });
    expect(w.told.map((f) => [f.text, f.missed])).toEqual([
      ['text 0\n', 0],
      ['text 1\n', 0],
      ['text 5\n', 3],
      ['text 6\n', 0],
    ]);
    expect(w.notes).toEqual([wentOn(/./), 'n1: it comes again']);
  });
});

const kubeletGone =
  'Get "https://10.0.0.1:10250/containerLogs/x": dial tcp 10.0.0.1:10250: connect: connection refused';
const wide = { timeout: 60_000 };

/** Seven frames come, each once, and the end. */
const comesWhole = async (log: PodLog, w: ReturnType<typeof watch>): Promise<void> => {
  await w.until(7);
  log.write([end(7)]);
  expect(await w.done).toMatchObject({ complete: true });
  expect(textsOf(w)).toEqual(texts(7));
};

describe.concurrent('a cluster that breaks under a watch', () => {
  it('an API server that refuses connections for some seconds', wide, async () => {
    await using c = await cluster();
    const w = watch(c.server);
    c.log.write([hello, ...frames(0, 1)]);
    await w.until(2);
    await c.server.stop();
    c.log.write(frames(2, 6));
    await sleep(4000);
    await c.server.start();
    await comesWhole(c.log, w);
    expect(w.notes).toEqual([wentOn(/./), itComes]);
    deletedOnce(c.server, 10);
  });

  it('a kubelet that does not answer, for longer than a run would wait', wide, async () => {
    const away = { is: false };
    await using c = await cluster(
      ({ url }, r) => away.is && isLog(url) && refuse(r, 500, 'InternalError', kubeletGone),
    );
    const w = watch(c.server);
    c.log.write([hello, ...frames(0, 1)]);
    await w.until(2);
    away.is = true;
    c.server.setNode(nodeReady('Unknown', 'Kubelet stopped posting node status.'));
    c.log.cut(frames(2, 6), 40);
    await sleep(11_000);
    expect(textsOf(w)).toEqual(texts(2));
    away.is = false;
    c.server.setNode(nodeReady('True'));
    await comesWhole(c.log, w);
    expect(w.notes).toEqual([wentOn(/./), itComes]);
    deletedOnce(c.server, 10);
  });

  it('a stream that dies without a word, and one that never begins', wide, async () => {
    await using c = await cluster();
    const w = watch(c.server);
    c.log.write([hello, ...frames(0, 1)]);
    await w.until(2);
    let hung = 0;
    c.log.instead = () => ++hung === 1;
    c.log.hush();
    c.log.write(frames(2, 6));
    await comesWhole(c.log, w);
    expect(hung).toBe(2);
    expect(w.notes).toEqual([wentOn(/nothing came for 10 s/), itComes]);
  });

  it.each<[string, (c: Awaited<ReturnType<typeof cluster>>) => void, RegExp]>([
    [
      'the pod is deleted, and its log with it',
      ({ server, log }) => {
        server.forget();
        log.cut();
        log.instead = (_, r) => refuse(r, 404, 'NotFound', 'pods "netdoctor-n1-x" not found');
      },
      /the debug pod was deleted meanwhile$/,
    ],
    ['the pod is deleted in silence', ({ server }) => server.forget(), /the debug pod was deleted meanwhile$/],
    [
      'the node is deleted',
      ({ server, log }) => {
        server.setNode(null);
        log.cut();
        log.instead = (_, r) => refuse(r, 404, 'NotFound', 'nodes "n1" not found');
      },
      /the node was deleted meanwhile: .*nodes "n1" not found$/,
    ],
    [
      'the pod ends early',
      ({ server, log }) => {
        server.setStatus(ended(137, 'OOMKilled', 'Failed'));
        log.end();
      },
      /the debug pod ended early: OOMKilled: exit 137$/,
    ],
    [
      'the shell ends without the end of the watch',
      ({ server, log }) => {
        server.setStatus(ended(0, 'Completed', 'Succeeded'));
        log.end();
      },
      /the debug pod ended, and its log does not come to its end$/,
    ],
    [
      'the log may not be read any more',
      ({ log }) => {
        log.cut();
        log.instead = (_, r) => refuse(r, 403, 'Forbidden', 'cannot get resource "pods/log"');
      },
      /the log of the debug pod broke off: .*cannot get resource "pods\/log"$/,
    ],
  ])('%s: it ends, and says why', wide, async (_, happens, why) => {
    await using c = await cluster();
    const w = watch(c.server);
    c.log.write([hello, ...frames(0, 1)]);
    await w.until(2);
    await followed(c.log);
    const before = performance.now();
    happens(c);
    expect(await w.done).toMatchObject({ complete: false, why: expect.stringMatching(why) });
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(textsOf(w)).toEqual(texts(2));
    expect(w.notes.filter((n) => !n.includes('trying again'))).toEqual([]);
    expect(w.left.at(-1)).toBeNull();
    expect(c.server.exists()).toBe(false);
  });

  it('what was written before the pod ended comes, though the server was away then', wide, async () => {
    await using c = await cluster();
    const w = watch(c.server);
    c.log.write([hello, ...frames(0, 1)]);
    await w.until(2);
    await c.server.stop();
    c.log.write([...frames(2, 6), end(7)]);
    c.log.end();
    c.server.setStatus(ended(0, 'Completed', 'Succeeded'));
    await sleep(5000);
    await c.server.start();
    expect(await w.done).toMatchObject({ complete: true });
    expect(textsOf(w)).toEqual(texts(7));
    expect(w.notes).toEqual([wentOn(/./), itComes]);
  });

  it('a reader that is busy loses nothing', wide, async () => {
    await using c = await cluster();
    c.log.write([hello, ...frames(0, 1)]);
    let pauses = 0;
    const w = watch(c.server, {}, undefined, async () => {
      if (pauses++ > 0) return;
      c.log.write([...frames(2, 6), end(7)]);
      c.log.end();
      c.server.setStatus(ended(137, 'Error', 'Failed'));
      await sleep(9000);
    });
    expect(await w.done).toMatchObject({ complete: true });
    expect(textsOf(w)).toEqual(texts(7));
    expect(w.notes).toEqual([]);
  });

  it('an interruption while the API server is away: how to delete the pod is told', wide, async () => {
    await using c = await cluster();
    const user = new AbortController();
    const w = watch(c.server, {}, user.signal);
    c.log.write([hello, ...frame(0)]);
    await w.until(1);
    await c.server.stop();
    await sleep(500);
    const before = performance.now();
    user.abort(new Error('Ctrl-C'));
    expect(await w.done).toEqual({ complete: false, hello: null });
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(w.notes.at(-1)).toMatch(/could not delete the debug pod [\s\S]*kubectl delete pod --namespace kube-system/);
    await c.server.start();
  });
});
