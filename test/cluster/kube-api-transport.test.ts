import { expect, it } from 'vitest';
import type { Answer, KubeApi } from '../../src/cluster/api.ts';
import { ApiError } from '../../src/cluster/api-error.ts';
import { statusError } from '../../src/cluster/status-error.ts';
import { type KubeRead, kube, type Raw } from '../../src/core/read.ts';
import { createKubeApiTransport } from '../../src/transports/kube-api.ts';

const never = new AbortController().signal;

const run = async (get: (path: string) => Promise<Answer>, reads: readonly KubeRead[], node = 'n1') => {
  const asked: string[] = [];
  const no = async () => expect.unreachable();
  const api: KubeApi = {
    ...{ server: 'https://x', post: no, delete: no, stream: no, close: () => undefined },
    get: (path) => {
      asked.push(path);
      return get(path);
    },
  };
  const raws = new Map<KubeRead, Raw>();
  for await (const [read, raw] of createKubeApiTransport({ api, node }).fetch(reads, never)) raws.set(read, raw);
  return { asked, raws: reads.map((r) => raws.get(r)) };
};

const refuses = (code: number, message: string) => async (): Promise<Answer> => {
  throw statusError(code, '', JSON.stringify({ kind: 'Status', reason: 'R', message }));
};

it('gives the kept part as JSON, with the time of the server', async () => {
  const body = { items: [{ metadata: { name: 'a', annotations: { secret: 'x' } } }] };
  const { raws } = await run(
    async () => ({ body, dateMs: 12_000 }),
    [kube('/api/v1/services', ['items[].metadata.name'])],
  );
  expect(raws).toEqual([
    {
      ok: true,
      outputs: [{ stdout: '{"items":[{"metadata":{"name":"a"}}]}', stderr: '', exit: 0, sample: 0, atMs: 12_000 }],
    },
  ]);
});

it.each([
  ['/api/v1/nodes/{node}', '/api/v1/nodes/n%2F1'],
  [
    '/api/v1/pods?fieldSelector=spec.nodeName%3D{node}',
    '/api/v1/pods?fieldSelector=spec.nodeName%3Dn%2F1&resourceVersion=0',
  ],
  ['/api/v1/services', '/api/v1/services?resourceVersion=0'],
  [
    '/api/v1/namespaces/kube-system/pods?labelSelector=a%3Db',
    '/api/v1/namespaces/kube-system/pods?labelSelector=a%3Db&resourceVersion=0',
  ],
  ['/apis/discovery.k8s.io/v1/endpointslices', '/apis/discovery.k8s.io/v1/endpointslices?resourceVersion=0'],
  ['/api/v1/namespaces/kube-system/configmaps/kube-proxy', '/api/v1/namespaces/kube-system/configmaps/kube-proxy'],
  ['/api/v1/namespaces/kube-system/pods/x', '/api/v1/namespaces/kube-system/pods/x'],
  ['/api/v1/events', '/api/v1/events'],
])('asks %s as %s', async (path, asked) => {
  expect((await run(async () => ({ body: {}, dateMs: 0 }), [kube(path, ['a'])], 'n/1')).asked).toEqual([asked]);
});

it.each<[string, () => Promise<Answer>, object]>([
  ['/api/v1/services', refuses(403, 'no'), { kind: 'forbidden', detail: 'cannot list services: no' }],
  ['/api/v1/namespaces/ns/pods', refuses(403, 'no'), { kind: 'forbidden', detail: 'cannot list pods in ns: no' }],
  [
    '/api/v1/namespaces/ns/configmaps/c',
    refuses(404, 'none'),
    { kind: 'absent', detail: 'cannot get configmaps ns/c: none' },
  ],
  ['/api/v1/nodes/{node}', refuses(500, 'etcd'), { kind: 'failed', detail: 'cannot get nodes n1: etcd' }],
  ['/version', refuses(504, 'slow'), { kind: 'timeout', detail: 'cannot get /version: slow' }],
  [
    '/api/v1/events',
    () => Promise.reject(new ApiError('timeout', 'late')),
    { kind: 'timeout', detail: 'cannot list events: late' },
  ],
  ['/api/v1/events', () => Promise.reject(new ApiError('too-large', 'big')), { kind: 'truncated' }],
  ['/api/v1/events', () => Promise.reject(new ApiError('unreadable', 'html')), { kind: 'unparsable' }],
  ['/api/v1/events', () => Promise.reject(new ApiError('network', 'reset')), { kind: 'failed' }],
])('tells why %s gave nothing', async (path, get, gap) => {
  expect((await run(get, [kube(path, ['a'])])).raws).toMatchObject([{ ok: false, gap }]);
});

it.each([
  new ApiError('refused', 'The connection to the server x was refused'),
  new ApiError('tls', 'x509'),
  new ApiError('dns', 'no such host'),
  new ApiError('credentials', 'exec'),
  statusError(401, '', '{"kind":"Status","message":"Unauthorized"}'),
])('throws when there is no usable API: $message', async (error) => {
  const failing = run(() => Promise.reject(error), [kube('/api/v1/services', ['a'])]);
  await expect(failing).rejects.toMatchObject({ name: 'TransportError', message: error.message });
});

it('asks for six things at once, and answers as they come', async () => {
  let now = 0;
  let most = 0;
  const get = async (): Promise<Answer> => {
    most = Math.max(most, ++now);
    await new Promise((done) => setTimeout(done, 5));
    now--;
    return { body: {}, dateMs: 0 };
  };
  const { raws } = await run(
    get,
    Array.from({ length: 20 }, (_, i) => kube(`/x${i}`, ['a'])),
  );
  expect(most).toBe(6);
  expect(raws.every((r) => r?.ok)).toBe(true);
});
