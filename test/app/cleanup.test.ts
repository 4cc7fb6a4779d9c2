import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type CleanupContext, type CleanupRequest, type CleanupStep, cleanUp } from '../../src/app/cleanup.ts';
import { createKubeApi } from '../../src/cluster/api.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { leftoversNote } from '../../src/transports/debug-pod/leftovers.ts';
import { podFor } from '../../src/transports/debug-pod/pod.ts';

const old = '2020-01-01T00:00:00Z';
const recent = () => new Date().toISOString();
const env = { KUBECONFIG: '/dev/null' };

const pod = (name: string, metadata: object = {}, namespace = 'kube-system') => {
  const made = podFor({
    ...{ name, namespace, node: 'node1', image: 'busybox:1.36', program: ':', capabilities: [], runId: 'run1' },
    ...{ imagePullPolicy: 'IfNotPresent', imagePullSecret: null, activeDeadlineSeconds: 60, graceSeconds: 1 },
  });
  return { ...made, metadata: { ...made.metadata, uid: `uid-of-${name}`, creationTimestamp: old, ...metadata } };
};

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}
type Answer = (asked: Asked) => readonly [code: number, body: unknown];

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An API server that answers so, and what it was asked. */
const serve = async (answer: Answer) => {
  const asked: Asked[] = [];
  const server = http.createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const one = {
      method: request.method ?? '',
      url: new URL(request.url ?? '', 'http://fake'),
      body: text === '' ? null : JSON.parse(text),
    };
    asked.push(one);
    const [code, body] = answer(one);
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  servers.push(server);
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const refusal = (code: number, reason: string, message: string) =>
  [code, { kind: 'Status', status: 'Failure', reason, message, code }] as const;

const steps = async (url: string, more: Partial<CleanupRequest> = {}, signal = new AbortController().signal) => {
  const all: CleanupStep[] = [];
  const request = { flags: { server: url }, namespace: null, dryRun: false, force: false, ...more };
  for await (const step of cleanUp(request, { env, signal, onDoomed: () => {} })) all.push(step);
  return all;
};

const listOf = (...items: readonly object[]): Answer => {
  return ({ method }) => [200, method === 'GET' ? { items } : {}];
};

it('deletes what is left over, by its uid and at once, and keeps what may be at work', async () => {
  const { url, asked } = await serve(
    listOf(
      pod('netdoctor-a-11111'),
      pod('netdoctor-b-22222', { creationTimestamp: recent() }),
      pod('netdoctor-c-33333', {}, 'debug'),
      pod('etcd-node1'),
      pod('netdoctor-d-44444', { deletionTimestamp: recent() }),
    ),
  );
  const all = await steps(url);
  expect(all).toHaveLength(4);
  expect(all).toEqual(
    expect.arrayContaining([
      { kind: 'deleted', namespace: 'kube-system', name: 'netdoctor-a-11111' },
      { kind: 'deleted', namespace: 'debug', name: 'netdoctor-c-33333' },
      {
        ...{ kind: 'kept', namespace: 'kube-system', name: 'netdoctor-b-22222' },
        why: expect.stringMatching(/ends by itself in \d+s$/),
      },
      { kind: 'note', text: expect.stringContaining('"etcd-node1"') },
    ]),
  );
  const deletions = asked.filter((a) => a.method === 'DELETE');
  expect(deletions.map((d) => d.url.pathname).sort()).toEqual([
    '/api/v1/namespaces/debug/pods/netdoctor-c-33333',
    '/api/v1/namespaces/kube-system/pods/netdoctor-a-11111',
  ]);
  expect(deletions.find((d) => d.url.pathname.endsWith('11111'))?.body).toMatchObject({
    preconditions: { uid: 'uid-of-netdoctor-a-11111' },
    gracePeriodSeconds: 0,
  });
});

it('--force deletes what may be at work too, and grants it its grace', async () => {
  const { url, asked } = await serve(listOf(pod('netdoctor-b-22222', { creationTimestamp: recent() }), pod('etcd')));
  expect(await steps(url, { force: true })).toMatchObject([
    { kind: 'note' },
    { kind: 'deleted', name: 'netdoctor-b-22222' },
  ]);
  expect(asked.find((a) => a.method === 'DELETE')?.body).toMatchObject({ gracePeriodSeconds: 1 });
});

it('--dry-run says the same and deletes nothing', async () => {
  const { url, asked } = await serve(listOf(pod('netdoctor-a-11111')));
  expect(await steps(url, { dryRun: true })).toEqual([
    { kind: 'deleted', namespace: 'kube-system', name: 'netdoctor-a-11111' },
  ]);
  expect(asked.map((a) => a.method)).toEqual(['GET']);
});

it('hundreds of them, too much for one answer, come in small pages', async () => {
  const all = Array.from({ length: 120 }, (_, i) =>
    pod(`netdoctor-a-${i + 10_000}`, { annotations: { x: 'x'.repeat(100_000) } }),
  );
  const { url, asked } = await serve(({ method, url: u }) => {
    if (method === 'DELETE') return [200, {}];
    // the cache of the server pays no heed to a limit
    const limit = u.searchParams.get('resourceVersion') === '0' ? all.length : Number(u.searchParams.get('limit'));
    const from = Number(u.searchParams.get('continue') ?? 0);
    const rest = from + limit < all.length ? { continue: String(from + limit) } : {};
    return [200, { metadata: rest, items: all.slice(from, from + limit) }];
  });
  expect(await steps(url)).toHaveLength(120);
  const lists = asked.filter((a) => a.method === 'GET').map((a) => a.url.searchParams);
  expect(lists.map((p) => [p.get('limit'), p.get('continue')])).toEqual([
    [null, null],
    ['50', null],
    ['50', '50'],
    ['50', '100'],
  ]);
});

it('one that cannot be deleted is told with its reason, and the others are deleted', async () => {
  const { url } = await serve((a) => {
    if (a.method === 'GET') return [200, { items: [pod('netdoctor-a-11111'), pod('netdoctor-b-22222')] }];
    return a.url.pathname.endsWith('11111') ? refusal(403, 'Forbidden', 'pods is forbidden: no') : [200, {}];
  });
  expect(await steps(url)).toEqual(
    expect.arrayContaining([
      {
        ...{ kind: 'failed', namespace: 'kube-system', name: 'netdoctor-a-11111' },
        why: 'Error from server (Forbidden): pods is forbidden: no',
      },
      { kind: 'deleted', namespace: 'kube-system', name: 'netdoctor-b-22222' },
    ]),
  );
});

it('one that is gone meanwhile is what was wanted', async () => {
  const { url } = await serve((a) =>
    a.method === 'GET' ? [200, { items: [pod('netdoctor-a-11111')] }] : refusal(404, 'NotFound', 'not found'),
  );
  expect(await steps(url)).toMatchObject([{ kind: 'deleted' }]);
});

it('one that finalizers hold is not called deleted', async () => {
  const { url } = await serve(listOf(pod('netdoctor-a-11111', { finalizers: ['example.org/hold'] })));
  expect(await steps(url)).toMatchObject([
    { kind: 'failed', why: 'it is marked for deletion, and held by example.org/hold' },
  ]);
});

const forbidden = 'pods is forbidden: User "x" cannot list resource "pods" in API group "" at the cluster scope';

it('looks in kube-system where it may not look everywhere, and says so', async () => {
  const { url } = await serve(({ method, url: u }) => {
    if (method === 'DELETE') return [200, {}];
    if (u.pathname === '/api/v1/pods') return refusal(403, 'Forbidden', forbidden);
    return [200, { items: u.pathname.includes('/kube-system/') ? [pod('netdoctor-a-11111')] : [] }];
  });
  expect(await steps(url)).toMatchObject([
    { kind: 'note', text: expect.stringContaining(forbidden) },
    { kind: 'deleted', name: 'netdoctor-a-11111' },
  ]);
});

it('fails where it may look nowhere, and where a named namespace is closed', async () => {
  const { url, asked } = await serve(() => refusal(403, 'Forbidden', forbidden));
  await expect(steps(url)).rejects.toThrow(forbidden);
  await expect(steps(url, { namespace: 'debug' })).rejects.toThrow(forbidden);
  expect(asked.map((a) => a.url.pathname)).toEqual([
    '/api/v1/pods',
    '/api/v1/namespaces/kube-system/pods',
    '/api/v1/namespaces/debug/pods',
  ]);
});

it('begins no further deletion once it is interrupted', async () => {
  const stop = new AbortController();
  const { url, asked } = await serve((a) => {
    if (a.method === 'GET') {
      const items = Array.from({ length: 30 }, (_, i) => pod(`netdoctor-a-${i + 10000}`));
      return [200, { items }];
    }
    stop.abort(new Error('interrupted by SIGINT'));
    return [200, {}];
  });
  await expect(steps(url, {}, stop.signal)).rejects.toThrow('interrupted');
  expect(asked.filter((a) => a.method === 'DELETE').length).toBeLessThanOrEqual(8);
});

it('tells of deletions that end after the interruption, and before the first one what is to be deleted', async () => {
  const stop = new AbortController();
  const { url } = await serve((a) => {
    if (a.method === 'GET')
      return [200, { items: Array.from({ length: 30 }, (_, i) => pod(`netdoctor-a-${i + 10000}`)) }];
    stop.abort(new Error('interrupted by SIGINT'));
    return [200, {}];
  });
  const told: CleanupStep[] = [];
  let doomed: readonly string[] = [];
  const run = async () => {
    const request = { flags: { server: url }, namespace: null, dryRun: false, force: false };
    const onDoomed: CleanupContext['onDoomed'] = (pods) => {
      expect(told).toEqual([]);
      doomed = pods.map((p) => p.name);
    };
    for await (const step of cleanUp(request, { env, signal: stop.signal, onDoomed })) told.push(step);
  };
  await expect(run()).rejects.toThrow('interrupted');
  expect(told.map((step) => step.kind)).toEqual(Array.from({ length: 8 }, () => 'deleted'));
  expect(doomed).toHaveLength(30);
});

const note = async (answer: Answer, namespace = 'kube-system', command = 'kubectl netdoctor cleanup') => {
  const { url, asked } = await serve(answer);
  const api = createKubeApi(loadKubeconfig({ env, flags: { server: url } }), { version: 'test' });
  try {
    return { text: await leftoversNote(api, namespace, command, new AbortController().signal), asked };
  } finally {
    api.close();
  }
};

it('a run mentions leftovers in its namespace, and the command for this cluster', async () => {
  const { text, asked } = await note(
    listOf(pod('netdoctor-b-2'), pod('netdoctor-a-1'), pod('netdoctor-c-3', { creationTimestamp: recent() })),
    'kube-system',
    'kubectl netdoctor cleanup --context prod',
  );
  expect(text).toBe(
    '2 debug pods of earlier runs are left in kube-system: netdoctor-a-1, netdoctor-b-2; ' +
      '`kubectl netdoctor cleanup --context prod` removes them',
  );
  expect(asked).toHaveLength(1);
  expect(asked[0]?.url.searchParams.get('labelSelector')).toBe('app.kubernetes.io/managed-by=kubectl-netdoctor');
});

it('names three at most, and the namespace where it is another one', async () => {
  const five = Array.from({ length: 5 }, (_, i) => pod(`netdoctor-a-${i}`, {}, 'debug'));
  expect((await note(listOf(...five), 'debug')).text).toBe(
    '5 debug pods of earlier runs are left in debug: netdoctor-a-0, netdoctor-a-1, netdoctor-a-2 and 2 more; ' +
      '`kubectl netdoctor cleanup --namespace debug` removes them',
  );
  expect((await note(listOf(pod('netdoctor-a-1')))).text).toBe(
    '1 debug pod of an earlier run is left in kube-system: netdoctor-a-1; `kubectl netdoctor cleanup` removes it',
  );
});

it('says that there are hundreds where they are too much for one answer', async () => {
  const big = Array.from({ length: 450 }, (_, i) =>
    pod(`netdoctor-a-${i}`, { annotations: { x: 'x'.repeat(20_000) } }),
  );
  expect((await note(listOf(...big))).text).toBe(
    'hundreds of debug pods of earlier runs are left in kube-system; `kubectl netdoctor cleanup` removes them',
  );
});

it('is silent where there is nothing, or it may not look', async () => {
  expect((await note(listOf())).text).toBeNull();
  expect((await note(() => refusal(403, 'Forbidden', forbidden))).text).toBeNull();
  expect((await note(() => [200, 'nonsense'])).text).toBeNull();
});
