import { describe, expect, it } from 'vitest';
import type { Answer, KubeApi } from '../../src/cluster/api.ts';
import { ApiError } from '../../src/cluster/api-error.ts';
import { statusError } from '../../src/cluster/status-error.ts';
import { type KubeRead, kube, type Raw } from '../../src/core/read.ts';
import { createKubeApiTransport } from '../../src/transports/kube-api.ts';
import { type FakeApiserver, fakeApiserver, type Rule, refuse } from '../transports/debug-pod/fake-apiserver.ts';

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
  for await (const [read, raw] of createKubeApiTransport({ api, node, scope: '' }).fetch(reads, never))
    raws.set(read, raw);
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
  ['/api/v1/services', '/api/v1/services?limit=500'],
  [
    '/api/v1/namespaces/kube-system/pods?labelSelector=a%3Db',
    '/api/v1/namespaces/kube-system/pods?labelSelector=a%3Db&resourceVersion=0',
  ],
  ['/apis/discovery.k8s.io/v1/endpointslices', '/apis/discovery.k8s.io/v1/endpointslices?limit=500'],
  ['/api/v1/namespaces/ns/services', '/api/v1/namespaces/ns/services?limit=500'],
  ['/version', '/version'],
  ['/api/v1/namespaces/kube-system/configmaps/kube-proxy', '/api/v1/namespaces/kube-system/configmaps/kube-proxy'],
  ['/api/v1/namespaces/kube-system/pods/x', '/api/v1/namespaces/kube-system/pods/x'],
  ['/api/v1/events?fieldSelector=reason%3Dx', '/api/v1/events?fieldSelector=reason%3Dx&limit=500'],
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

/** A server of lists: `page` says what the page is that begins at this object, by its limit. */
const lists = (
  page: (from: number, limit: number) => readonly [items: readonly unknown[], next: number | null],
): Rule => {
  return ({ url }, response) => {
    const [items, next] = page(Number(url.searchParams.get('continue') ?? 0), Number(url.searchParams.get('limit')));
    const metadata = { resourceVersion: '7', ...(next === null ? {} : { continue: String(next) }) };
    response.end(JSON.stringify({ kind: 'List', metadata, items }));
    return true;
  };
};

const object = (i: number, more: object = {}): object => ({ metadata: { name: `o${i}`, uid: `u${i}` }, ...more });

/** So many objects, each with so many bytes that nobody keeps. */
const many = (count: number, ballast = 0): Rule =>
  lists((from, limit) => {
    const to = Math.min(count, from + limit);
    const items = Array.from({ length: to - from }, (_, i) => object(from + i, { ballast: 'x'.repeat(ballast) }));
    return [items, to < count ? to : null];
  });

const services = kube('/api/v1/services', ['items[].metadata.name']);

const askOnce = async (server: FakeApiserver, read: KubeRead = services): Promise<Raw> => {
  for await (const [, raw] of createKubeApiTransport({ api: server.api, node: 'n1', scope: '' }).fetch([read], never))
    return raw;
  return expect.unreachable();
};

const names = (raw: Raw): readonly string[] =>
  raw.ok ? JSON.parse(raw.outputs[0].stdout).items.map((o: { metadata: { name: string } }) => o.metadata.name) : [];

describe('lists that grow are read in pages', () => {
  it.each([
    [0, 1],
    [1, 1],
    [500, 1],
    [501, 2],
    [1501, 4],
  ])('%i objects in %i', async (count, pages) => {
    await using server = await fakeApiserver(many(count));
    expect(names(await askOnce(server))).toEqual(Array.from({ length: count }, (_, i) => `o${i}`));
    expect(server.requests).toHaveLength(pages);
  });

  it('the first few, where the path has a limit', async () => {
    await using server = await fakeApiserver(many(120));
    const raw = await askOnce(server, kube('/api/v1/services?limit=50', ['items[].metadata.name']));
    expect(names(raw)).toEqual(Array.from({ length: 50 }, (_, i) => `o${i}`));
    expect(server.requests).toEqual(['GET /api/v1/services?limit=50']);
  });

  it('what is kept beside the items is that of the first page', async () => {
    await using server = await fakeApiserver(many(501));
    const raw = await askOnce(server, kube('/api/v1/services', ['items[].metadata.name', 'kind', 'metadata.continue']));
    const { items, ...rest } = raw.ok ? JSON.parse(raw.outputs[0].stdout) : expect.unreachable();
    expect(items).toHaveLength(501);
    expect(rest).toEqual({ kind: 'List', metadata: { continue: '500' } });
  });

  it.each([
    ['no list', '{"kind":"List"}', '{}'],
    ['a list of null', '{"items":null}', '{"items":null}'],
    ['a list of something else', '{"items":[1,null,[]]}', '{"items":[{},{},{}]}'],
    ['no object', '[1]', '{}'],
    ['a token that is none', '{"items":[],"metadata":{"continue":7}}', '{"items":[]}'],
  ])('an answer with %s is kept as it is', async (_, body, stdout) => {
    await using server = await fakeApiserver((__, response) => {
      response.end(body);
      return true;
    });
    expect(await askOnce(server)).toMatchObject({ ok: true, outputs: [{ stdout }] });
  });

  it('a page that is too large is asked for again, smaller', async () => {
    await using server = await fakeApiserver(many(120, 100_000));
    expect(names(await askOnce(server))).toHaveLength(120);
    expect(server.requests.map((r) => new URL(r.slice(4), 'http://x').search)).toEqual([
      '?limit=500',
      '?limit=50',
      '?limit=50&continue=50',
      '?limit=50&continue=100',
    ]);
  });

  it('the pods of a node, where they are too much for one answer, come in small pages', async () => {
    const rule = many(120, 100_000);
    await using server = await fakeApiserver((asked, response) => {
      // the cache of the server pays no heed to a limit
      if (asked.url.searchParams.get('resourceVersion') !== '0') return rule(asked, response);
      return many(120, 100_000)({ ...asked, url: new URL('http://fake/?limit=1000') }, response);
    });
    const pods = kube('/api/v1/pods?fieldSelector=spec.nodeName%3D{node}', ['items[].metadata.name']);
    expect(names(await askOnce(server, pods))).toHaveLength(120);
    expect(server.requests.map((r) => r.replace(/.*nodeName%3Dn1&/, ''))).toEqual([
      'resourceVersion=0',
      'limit=50',
      'limit=50&continue=50',
      'limit=50&continue=100',
    ]);
  });

  it('objects that are too large for any page are a gap that says so', async () => {
    await using server = await fakeApiserver(many(60, 400_000));
    const detail = "cannot list services: the server's answer is longer than 8388608 bytes";
    expect(await askOnce(server)).toEqual({ ok: false, gap: { kind: 'truncated', detail } });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    [1, { ok: true }],
    [
      2,
      {
        ok: false,
        gap: { kind: 'failed', detail: 'cannot list services: The provided continue parameter is too old' },
      },
    ],
  ])('a snapshot that expires %i times', async (times, want) => {
    let expired = 0;
    const rule = many(1200);
    await using server = await fakeApiserver((asked, response) => {
      if (!asked.url.searchParams.get('continue')?.startsWith('1000') || ++expired > times)
        return rule(asked, response);
      return refuse(response, 410, 'Expired', 'The provided continue parameter is too old');
    });
    const raw = await askOnce(server);
    expect(raw).toMatchObject(want);
    expect(names(raw)).toHaveLength(raw.ok ? 1200 : 0);
    expect(server.requests).toHaveLength(6);
  });

  it('a server that always has one more page is left at some point', async () => {
    await using server = await fakeApiserver(lists((from) => [[object(from)], from + 1]));
    const detail = "cannot list services: the server's answer has more than 400 pages";
    expect(await askOnce(server)).toEqual({ ok: false, gap: { kind: 'truncated', detail } });
    expect(server.requests).toHaveLength(400);
  });

  it('more than is kept of one answer is a gap that says so, and ends the reading', async () => {
    await using server = await fakeApiserver(many(500 * 50, 2000));
    const raw = await askOnce(server, kube('/api/v1/services', ['items[].ballast']));
    const detail = 'cannot list services: what is kept of the answer is longer than 16 MiB';
    expect(raw).toEqual({ ok: false, gap: { kind: 'truncated', detail } });
    expect(server.requests.length).toBeLessThan(20);
  });
});

describe('several nodes', () => {
  const nodes = ['n1', 'n2', 'n3'];
  const reads = [services, kube('/api/v1/nodes/{node}', ['metadata.name'])];
  const askAll = async (server: FakeApiserver, shared: Map<string, Promise<Raw>>) =>
    await Promise.all(
      nodes.map(async (node) => {
        const raws = new Map<string, Raw>();
        for await (const [read, raw] of createKubeApiTransport({ api: server.api, node, scope: '', shared }).fetch(
          reads,
          never,
        ))
          raws.set(read.id, raw);
        return raws;
      }),
    );

  it('ask once for what is not of one of them', async () => {
    await using server = await fakeApiserver(many(2));
    const all = await askAll(server, new Map());
    expect(all.map((raws) => names(raws.get(services.id) ?? expect.unreachable()))).toEqual(
      nodes.map(() => ['o0', 'o1']),
    );
    expect(server.requests.toSorted()).toEqual([
      'GET /api/v1/nodes/n1',
      'GET /api/v1/nodes/n2',
      'GET /api/v1/nodes/n3',
      'GET /api/v1/services?limit=500',
    ]);
  });

  it('share a refusal too', async () => {
    await using server = await fakeApiserver((_, response) => refuse(response, 403, 'Forbidden', 'no'));
    const all = await askAll(server, new Map());
    expect(all.map((raws) => raws.get(services.id))).toMatchObject(nodes.map(() => ({ gap: { kind: 'forbidden' } })));
    expect(server.requests.filter((r) => r.includes('services'))).toHaveLength(1);
  });

  it('do not share that there is no usable API', async () => {
    let logins = 0;
    const rule = many(1);
    await using server = await fakeApiserver((asked, response) =>
      asked.url.pathname.endsWith('services') && ++logins < 2
        ? refuse(response, 401, 'Unauthorized', 'who?')
        : rule(asked, response),
    );
    const shared = new Map<string, Promise<Raw>>();
    await expect(askAll(server, shared)).rejects.toThrow(/You must be logged in/);
    await expect.poll(() => shared.size).toBe(0);
    const again = await askAll(server, shared);
    expect(again.every((raws) => raws.get(services.id)?.ok)).toBe(true);
  });

  it('that leave do not take the answer away from the others', async () => {
    const held = Promise.withResolvers<void>();
    const rule = many(1);
    await using server = await fakeApiserver((asked, response) => {
      if (asked.url.pathname.endsWith('services')) void held.promise.then(() => rule(asked, response));
      else response.end('{}');
      return true;
    });
    const shared = new Map<string, Promise<Raw>>();
    const transport = (node: string) =>
      createKubeApiTransport({ api: server.api, node, scope: '', shared }).fetch(reads, never);
    for await (const [read] of transport('n1')) {
      expect(read).toBe(reads[1]);
      break;
    }
    const other: Raw[] = [];
    setTimeout(held.resolve, 20);
    for await (const [, raw] of transport('n2')) other.push(raw);
    expect(other.map((raw) => raw.ok)).toEqual([true, true]);
    expect(server.requests.filter((r) => r.includes('services'))).toHaveLength(1);
  });
});
