import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { file, type NodeRead, type Raw, script } from '../../src/core/read.ts';
import type { Progress } from '../../src/core/transport.ts';
import { decode } from '../../src/transports/collector/decode.ts';
import { writeProgram } from '../../src/transports/collector/program.ts';
import { createDebugPod, type DebugPodOptions } from '../../src/transports/debug-pod.ts';
import {
  containerState,
  type FakeApiserver,
  fakeApiserver,
  nodeReady,
  type Rule,
  refuse,
} from './debug-pod/fake-apiserver.ts';

const reads: readonly NodeRead[] = [
  script('ostype', 'cat ostype', 'cat /proc/sys/kernel/ostype'),
  file('/etc/nothing-here'),
  script('version', 'cat version', 'cat /proc/version'),
];
const running = containerState({ running: { startedAt: 'now' } }, 'Running');
const runs = (program: string) => execFileSync('sh', ['-c', program], { encoding: 'utf8' });

interface Outcome {
  readonly raws: Map<string, Raw>;
  readonly progress: readonly Progress[];
  readonly chunks: string;
  readonly error: Error | null;
}

const run = async (
  server: FakeApiserver,
  more: Partial<DebugPodOptions> = {},
  chosen: readonly NodeRead[] = reads,
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome> => {
  const raws = new Map<string, Raw>();
  const progress: Progress[] = [];
  let chunks = '';
  let error: Error | null = null;
  const options = {
    ...{
      image: 'busybox:1.36',
      imagePullPolicy: 'IfNotPresent' as const,
      namespace: 'kube-system',
      rights: 'default' as const,
      runId: 'run1',
      nonce: '0123456789abcdef',
      windowSeconds: 0,
      deadlineSeconds: 20,
      timeoutSeconds: 60,
    },
    ...{ vars: {}, ...more },
  };
  try {
    await using transport = createDebugPod({
      ...{ api: server.api, node: 'n1', options, writeProgram, decode },
      onProgress: (p) => progress.push(p),
      onChunk: (text) => {
        chunks += text;
      },
    });
    for await (const [read, raw] of transport.fetch(chosen, signal)) raws.set(read.id, raw);
  } catch (thrown) {
    error = thrown as Error;
  }
  return { raws, progress, chunks, error };
};

/** Serves these logs one after another; the last one again and again. */
const logs = (...bodies: readonly ((response: Parameters<Rule>[1]) => void)[]): Rule => {
  let n = 0;
  return ({ url }, response) => {
    if (!url.pathname.endsWith('/log')) return false;
    bodies[Math.min(n++, bodies.length - 1)]?.(response);
    return true;
  };
};

const deletedOnce = (server: FakeApiserver, graceSeconds: number) =>
  expect(server.deletions).toEqual([
    {
      ...{ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: { uid: 'uid-1' } },
      gracePeriodSeconds: graceSeconds,
    },
  ]);

const ostype = { ok: true, outputs: [{ stdout: 'Linux\n', exit: 0 }] };

it('creates the pod, waits for its start, reads its log and deletes it', async () => {
  let log = '';
  await using server = await fakeApiserver(logs((r) => r.end(log)));
  const outcome = run(server);
  log = runs(await server.created);
  server.setStatus(containerState({ waiting: { reason: 'ContainerCreating' } }));
  server.setStatus(running);
  const { raws, progress, chunks, error } = await outcome;
  expect(error).toBeNull();
  expect(raws.get('script:ostype')).toMatchObject(ostype);
  expect(raws.get('file:/etc/nothing-here')).toMatchObject({ gap: { kind: 'absent' } });
  expect(raws.size).toBe(3);
  expect(chunks).toBe(log);
  deletedOnce(server, 1);
  expect(server.requests.filter((r) => r.includes('/log'))).toHaveLength(1);
  expect(progress.map((p) => (p.kind === 'read' ? p.typed : p.text))).toEqual([
    expect.stringMatching(/^creating pod kube-system\/netdoctor-n1-.{5} on n1$/),
    expect.stringMatching(/^waiting for pod kube-system\/netdoctor-n1-.{5}$/),
    expect.stringMatching(/: Pending: ContainerCreating$/),
    'reading n1',
  ]);
});

it.each([0.1, 0.5, 0.95])('reads the rest when the stream breaks off at %s of it', async (part) => {
  let log = '';
  await using server = await fakeApiserver(
    logs(
      (r) => r.write(log.slice(0, log.length * part), () => r.destroy()),
      (r) => r.end(log),
    ),
  );
  const outcome = run(server);
  log = runs(await server.created);
  server.setStatus(running);
  const { raws, chunks } = await outcome;
  expect([...raws.values()].map((r) => r.ok)).toEqual([true, false, true]);
  expect(chunks).toBe(log);
  deletedOnce(server, 1);
});

it('gives what came, and why not more, when the program ended early', async () => {
  let log = '';
  await using server = await fakeApiserver(logs((r) => r.end(log)));
  const outcome = run(server);
  const whole = runs(await server.created);
  log = whole.slice(0, whole.indexOf(' E file:/etc/nothing-here'));
  server.setStatus(containerState({ terminated: { reason: 'OOMKilled', exitCode: 137 } }, 'Failed'));
  const { raws, error } = await outcome;
  expect(error).toBeNull();
  expect(raws.get('script:ostype')).toMatchObject(ostype);
  for (const id of ['file:/etc/nothing-here', 'script:version']) {
    expect(raws.get(id)).toMatchObject({
      gap: { kind: 'truncated', detail: expect.stringContaining('ended early: OOMKilled: exit 137') },
    });
  }
});

it('fails when the pod was deleted before anything was read', async () => {
  await using server = await fakeApiserver(
    logs(
      (r) => r.end(''),
      (r) => refuse(r, 404, 'NotFound', 'pods "x" not found'),
    ),
  );
  const outcome = run(server);
  await server.created;
  server.setStatus(running);
  server.forget();
  expect((await outcome).error?.message).toBe('nothing could be read on n1: the debug pod was deleted meanwhile');
});

it.each<[string, object, RegExp]>([
  [
    'the image cannot be pulled',
    containerState({ waiting: { reason: 'ErrImagePull', message: 'no route' } }),
    /cannot get the image busybox:1\.36: ErrImagePull: no route\n.*--image.*\n.*quay\.io\/cilium/,
  ],
  [
    'the image has no shell',
    containerState({ terminated: { reason: 'StartError', exitCode: 128, message: 'exec: "sh": not found' } }, 'Failed'),
    /cannot start on n1: StartError: exec: "sh": not found/,
  ],
  [
    'the container cannot be made',
    containerState({ waiting: { reason: 'CreateContainerError', message: 'apparmor' } }),
    /CreateContainerError: apparmor/,
  ],
  [
    'the kubelet refuses it',
    { phase: 'Failed', reason: 'OutOfpods', message: 'too many' },
    /node n1 refused the debug pod .*: OutOfpods: too many/,
  ],
])('says at once when %s', async (_, status, message) => {
  const images: Rule = ({ url }, response) => {
    if (url.pathname !== '/api/v1/pods') return false;
    response.end(
      JSON.stringify({
        items: [{ spec: { containers: [{ image: 'quay.io/cilium/cilium:v1' }, { image: 'busybox:1.36' }] } }],
      }),
    );
    return true;
  };
  await using server = await fakeApiserver(images);
  const outcome = run(server);
  await server.created;
  server.setStatus(status);
  const { error } = await outcome;
  expect(error?.name).toBe('TransportError');
  expect(error?.message).toMatch(message);
  deletedOnce(server, 0);
});

it('says when somebody deletes the pod before it starts', async () => {
  const node: Rule = ({ url }, response) => url.pathname === '/api/v1/nodes/n1' && response.end('{}') !== undefined;
  await using server = await fakeApiserver(node);
  const outcome = run(server);
  await server.created;
  server.forget();
  expect((await outcome).error?.message).toContain('ended before it started: somebody or something deleted the pod');
});

it('says what is known when it does not start in time', async () => {
  const other: Rule = ({ url }, response) => {
    if (url.pathname === '/api/v1/nodes/n1') {
      response.end(
        JSON.stringify({
          status: { conditions: [{ type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting.' }] },
        }),
      );
      return true;
    }
    if (url.pathname.endsWith('/events')) {
      response.end(JSON.stringify({ items: [{ reason: 'Pulling', message: 'Pulling image', lastTimestamp: '2' }] }));
      return true;
    }
    return false;
  };
  await using server = await fakeApiserver(other);
  const { error } = await run(server, { timeoutSeconds: 0.2 });
  expect(error?.message).toMatch(/did not start on n1 within 0\.2s/);
  expect(error?.message).toContain('Event: Pulling: Pulling image');
  expect(error?.message).toContain('Node n1 is not ready (Unknown): Kubelet stopped posting.');
  expect(error?.message).toContain('The kubelet of n1 has not taken the pod up');
  deletedOnce(server, 0);
});

it('says that the log is out of reach when the kubelet cannot be asked', async () => {
  const noLog = logs((r) => refuse(r, 500, 'InternalError', 'Get "https://n1:10250/containerLogs": no route to host'));
  await using server = await fakeApiserver(noLog);
  const outcome = run(server, { timeoutSeconds: 0.2 });
  await server.created;
  server.setStatus(running);
  expect((await outcome).error?.message).toMatch(
    /runs on n1, but its log could not be read[\s\S]*no route to host\n.*port 10250/,
  );
});

it('says soon when there is no such node', async () => {
  await using server = await fakeApiserver();
  server.setNode(null);
  expect((await run(server)).error?.message).toBe('Error from server (NotFound): nodes "n1" not found');
});

it.each<[number, string, string, RegExp]>([
  [
    403,
    'Forbidden',
    'pods "x" is forbidden: violates PodSecurity "baseline:latest": host namespaces',
    /kubectl --context c label namespace kube-system pod-security\.kubernetes\.io\/enforce=privileged --overwrite\n.*--probe-namespace/,
  ],
  [
    403,
    'Forbidden',
    'pods is forbidden: User "jane" cannot create resource "pods" in API group ""',
    /create role netdoctor-probe --namespace kube-system --verb=create,get,watch,delete --resource=pods,pods\/log\n.*--user='jane'/,
  ],
  [403, 'Forbidden', 'pods "x" is forbidden: exceeded quota: q', /The ResourceQuota q of kube-system leaves no room/],
  [400, '', 'admission webhook "w" denied the request: no', /The admission webhook w refuses it/],
  [404, 'NotFound', 'namespaces "kube-system" not found', /netdoctor makes no namespace/],
])('passes on the whole refusal (%s %s %s) and what to do', async (code, reason, message, advice) => {
  const no: Rule = ({ method }, response) => method === 'POST' && refuse(response, code, reason, message);
  await using server = await fakeApiserver(no);
  const { error } = await run(server, { kubectl: 'kubectl --context c' });
  expect(error?.message).toContain(`Error from server${reason ? ` (${reason})` : ''}: ${message}\n`);
  expect(error?.message).toMatch(advice);
  expect(server.requests).toHaveLength(1);
});

it('stops waiting at once on abort, and deletes the pod', async () => {
  await using server = await fakeApiserver();
  const abort = new AbortController();
  const outcome = run(server, {}, reads, abort.signal);
  await server.created;
  setTimeout(() => abort.abort(new Error('Ctrl-C')), 50);
  const before = Date.now();
  expect((await outcome).error?.message).toBe('Ctrl-C');
  expect(Date.now() - before).toBeLessThan(1000);
  deletedOnce(server, 0);
});

it('stops reading at once on abort, and deletes the pod', async () => {
  const abort = new AbortController();
  await using server = await fakeApiserver(
    logs((r) => {
      r.write('@');
      setTimeout(() => abort.abort(new Error('Ctrl-C')), 20);
    }),
  );
  const outcome = run(server, {}, reads, abort.signal);
  await server.created;
  server.setStatus(running);
  expect((await outcome).error?.message).toBe('Ctrl-C');
  deletedOnce(server, 1);
});

it('deletes a pod that was created although its answer was lost', async () => {
  const lost: Rule = ({ method, body }, response) => {
    if (method !== 'POST') return false;
    void fetchPod(body);
    response.destroy();
    return true;
  };
  let fetchPod: (body: unknown) => Promise<unknown> = async () => undefined;
  let again = false;
  await using server = await fakeApiserver((request, response) => !again && lost(request, response));
  fetchPod = (body) => {
    again = true;
    return server.api.post('/api/v1/namespaces/kube-system/pods', body as object);
  };
  const { error } = await run(server);
  expect(error?.message).toContain('connection reset');
  deletedOnce(server, 1 - 1);
  expect(server.exists()).toBe(false);
});

it('does not delete a pod of the same name that is not its own', async () => {
  await using server = await fakeApiserver(({ method, url }, response) => {
    if (method === 'POST') response.destroy();
    else if (method === 'GET' && url.pathname.includes('/pods/netdoctor'))
      response.end('{"metadata":{"uid":"other","labels":{}}}');
    else return false;
    return true;
  });
  await run(server);
  expect(server.requests.some((r) => r.startsWith('DELETE'))).toBe(false);
});

it('says how to delete the pod when it cannot', async () => {
  await using server = await fakeApiserver(
    ({ method }, response) => method === 'DELETE' && refuse(response, 403, 'Forbidden', 'no deleting'),
  );
  const outcome = run(server, { kubectl: 'kubectl --context c' });
  await server.created;
  server.setStatus({ phase: 'Failed', reason: 'Evicted' });
  const note = (await outcome).progress.find((p) => p.kind === 'note');
  expect(note).toMatchObject({
    text: expect.stringMatching(
      /no deleting[\s\S]*kubectl --context c delete pod --namespace kube-system netdoctor-n1-/,
    ),
  });
});

it('works without the right to watch and get pods', async () => {
  let log = '';
  const asked: string[] = [];
  await using server = await fakeApiserver(
    ({ method, url }, response) =>
      method === 'GET' && !url.pathname.endsWith('/log') && refuse(response, 403, 'Forbidden', 'no'),
    ({ url }, response) => {
      if (!url.pathname.endsWith('/log')) return false;
      asked.push(url.pathname);
      if (asked.length === 1) return refuse(response, 400, 'BadRequest', 'container "probe" is waiting to start');
      response.end(log);
      return true;
    },
  );
  const outcome = run(server);
  log = runs(await server.created);
  expect((await outcome).raws.get('script:ostype')).toMatchObject(ostype);
});

it('does not send what the rights do not allow, and says why', async () => {
  await using server = await fakeApiserver();
  const needs = file('/etc/hostname', { requires: ['SYS_CHROOT'] });
  const { raws } = await run(server, { rights: 'minimal' }, [needs]);
  expect(raws.get(needs.id)).toMatchObject({
    gap: {
      kind: 'not-chosen',
      detail: expect.stringMatching(/^--rights minimal: needs SYS_CHROOT \(to run the node's own/),
    },
  });
  expect(server.requests).toEqual([]);
});

it('refuses a program that no pod can hold', async () => {
  await using server = await fakeApiserver();
  const { error } = await run(server, {}, [file(`/proc/${'x'.repeat(524_288)}`)]);
  expect(error?.message).toMatch(/the program for n1 has \d+ bytes/);
  expect(server.requests).toEqual([]);
});

const kubeletGone =
  'Get "https://10.0.0.1:10250/containerLogs/x": dial tcp 10.0.0.1:10250: connect: connection refused';
const texts = (progress: readonly Progress[]): string =>
  progress.map((p) => (p.kind === 'read' ? '' : p.text)).join('\n');

describe.concurrent('a cluster that breaks', () => {
  it('ends within 10 s when the kubelet does not answer and has not taken the pod up', async () => {
    await using server = await fakeApiserver(logs((r) => refuse(r, 500, 'InternalError', kubeletGone)));
    const before = Date.now();
    const { error } = await run(server, { timeoutSeconds: 60 });
    expect(error?.message).toMatch(
      /was not taken up: the kubelet of n1 has not answered for 7 s: [\s\S]*connection refused\n.*systemctl/,
    );
    // not by a time-out of 60 s; the 7 s are in its words
    expect(Date.now() - before).toBeLessThan(20_000);
    deletedOnce(server, 0);
  });

  it('bears a kubelet that answers again before the time is over', async () => {
    let log = '';
    const until = Date.now() + 5500;
    await using server = await fakeApiserver(
      logs((r) => (Date.now() < until ? refuse(r, 500, 'InternalError', kubeletGone) : r.end(log))),
    );
    const outcome = run(server, { timeoutSeconds: 60 });
    log = runs(await server.created);
    setTimeout(() => server.setStatus(running), 5600);
    const { raws, error, progress } = await outcome;
    expect(error).toBeNull();
    expect(raws.get('script:ostype')).toMatchObject(ostype);
    expect(texts(progress)).toContain('connection refused');
  });

  it('goes on with a node that is not ready for want of its network, and tells it', async () => {
    let log = '';
    await using server = await fakeApiserver(
      logs(
        (r) => refuse(r, 400, 'BadRequest', 'container "probe" is waiting to start'),
        (r) => refuse(r, 400, 'BadRequest', 'container "probe" is waiting to start'),
        (r) => r.end(log),
      ),
    );
    server.setNode(nodeReady('False', 'cni plugin not initialized'));
    const outcome = run(server);
    log = runs(await server.created);
    setTimeout(() => server.setStatus(running), 2500);
    const { error, progress } = await outcome;
    expect(error).toBeNull();
    expect(texts(progress)).toContain('node n1 is not ready (False): cni plugin not initialized');
  });

  it('tells what the pod waits for by its last event, after some seconds', async () => {
    const events: Rule = ({ url }, response) => {
      if (!url.pathname.endsWith('/events')) return false;
      response.end(
        JSON.stringify({ items: [{ reason: 'FailedMount', message: 'no such secret', lastTimestamp: '1' }] }),
      );
      return true;
    };
    await using server = await fakeApiserver(events);
    const { progress } = await run(server, { timeoutSeconds: 10 });
    expect(texts(progress)).toContain('FailedMount: no such secret');
  });

  it('gives a pod that a kubelet holds its grace, started or not', async () => {
    await using server = await fakeApiserver();
    const abort = new AbortController();
    const outcome = run(server, {}, reads, abort.signal);
    await server.created;
    server.setStatus({ phase: 'Pending', startTime: '2026-01-01T00:00:00Z' });
    setTimeout(() => abort.abort(new Error('Ctrl-C')), 50);
    await outcome;
    deletedOnce(server, 1);
  });

  it.each([
    [
      'the node is deleted',
      (s: FakeApiserver) => s.setNode(null),
      /the node was deleted meanwhile: .*nodes "n1" not found/,
    ],
    ['the pod is deleted', (s: FakeApiserver) => s.forget(), /the debug pod was deleted meanwhile/],
  ])('notices while the log is silent that %s', async (_, happens, told) => {
    let log = '';
    await using server = await fakeApiserver(logs((r) => r.write(log)));
    const outcome = run(server);
    const whole = runs(await server.created);
    log = whole.slice(0, whole.indexOf(' E file:/etc/nothing-here'));
    const before = Date.now();
    server.setStatus(running);
    setTimeout(() => happens(server), 500);
    const { raws, error, progress } = await outcome;
    expect(error).toBeNull();
    expect(raws.get('script:ostype')).toMatchObject(ostype);
    expect(raws.get('script:version')).toMatchObject({
      gap: { kind: 'truncated', detail: expect.stringMatching(told) },
    });
    expect(progress.findLast((p) => p.kind === 'note')).toMatchObject({ text: expect.stringMatching(told) });
    expect(Date.now() - before).toBeLessThan(15_000);
  });

  it('asks nothing more while the log comes, and takes silence alone for no fault', async () => {
    let log = '';
    await using server = await fakeApiserver(
      logs((r) => {
        r.write(log.slice(0, 100));
        setTimeout(() => r.end(log.slice(100)), 4500);
      }),
    );
    const outcome = run(server);
    log = runs(await server.created);
    server.setStatus(running);
    const { error, chunks } = await outcome;
    expect(error).toBeNull();
    expect(chunks).toBe(log);
    // one in a second and a half of silence at first, then each second
    const began = server.requests.findIndex((r) => r.includes('/log?'));
    const looks = server.requests.slice(began).filter((r) => r.startsWith('GET /api/v1/nodes/n1')).length;
    expect(looks).toBeGreaterThanOrEqual(1);
    expect(looks).toBeLessThanOrEqual(4);
  });

  it.each([
    ['the API server restarts', 503, 'apiserver not ready'],
    ['the kubelet restarts', 500, kubeletGone],
    ['the kubelet has no handlers yet', 404, 'the server could not find the requested resource ( pods/log x)'],
  ])('reads the rest when %s while it reads', async (_, code, message) => {
    let log = '';
    let broke = 0;
    await using server = await fakeApiserver(
      logs(
        (r) => r.write(log.slice(0, 100), () => r.destroy()),
        (r) => {
          broke ||= Date.now();
          if (Date.now() - broke < 4000) refuse(r, code, '', message);
          else r.end(log);
        },
      ),
    );
    const outcome = run(server);
    log = runs(await server.created);
    server.setStatus(running);
    const { error, chunks, progress } = await outcome;
    expect(error).toBeNull();
    expect(chunks).toBe(log);
    expect(texts(progress)).toContain(`${message}; trying again`);
  });

  it('tells what came instead of the log when a kubelet has lost its container runtime', async () => {
    let log = '';
    await using server = await fakeApiserver(
      logs(
        (r) => r.write(log, () => r.destroy()),
        (r) => r.end('unable to retrieve container logs for containerd://1'),
      ),
    );
    const outcome = run(server);
    const whole = runs(await server.created);
    log = whole.slice(0, whole.indexOf(' E file:/etc/nothing-here'));
    server.setStatus(running);
    const { raws } = await outcome;
    expect(raws.get('script:version')).toMatchObject({
      gap: { detail: expect.stringContaining('unable to retrieve container logs') },
    });
  });

  it('deletes the pod though the API server is away for some seconds', async () => {
    const until = Date.now() + 6000;
    await using server = await fakeApiserver(
      ({ method }, response) => method === 'DELETE' && Date.now() < until && refuse(response, 503, '', 'away'),
    );
    const outcome = run(server);
    await server.created;
    server.setStatus({ phase: 'Failed', reason: 'OutOfpods' });
    const { progress } = await outcome;
    expect(progress.filter((p) => p.kind === 'note')).toEqual([]);
    deletedOnce(server, 0);
  });
});
