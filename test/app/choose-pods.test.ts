import { describe, expect, it } from 'vitest';
import { choosePods } from '../../src/app/choose-pods.ts';
import type { PodChoice, PodRef } from '../../src/app/request.ts';
import { fakeApiserver, type Rule, refuse } from '../transports/debug-pod/fake-apiserver.ts';

const never = new AbortController().signal;

const owned = (kind: string, name: string) => ({ ownerReferences: [{ kind, name, controller: true }] });
const pod = (name: string, node: string | null = 'n1', more: object = {}) => ({
  metadata: { namespace: 'shop', name, uid: `uid-${name}`, labels: { app: 'web' }, ...more },
  spec: {
    ...(node === null ? {} : { nodeName: node }),
    containers: [{ name: 'app', env: [{ name: 'PASSWORD', value: 'hunter2' }], args: ['hunter2'] }],
  },
});

/** A server that has these pods, and these objects by their resource. */
const cluster =
  (pods: readonly object[], objects: Readonly<Record<string, readonly object[]>> = {}): Rule =>
  ({ url }, response) => {
    const resource = url.pathname.split('/').at(-1) ?? '';
    const name = /^metadata\.name=(.*)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
    const all = (resource === 'pods' ? pods : (objects[resource] ?? [])) as readonly {
      readonly metadata: { readonly name: string };
    }[];
    const items = name === undefined ? all : all.filter((o) => o.metadata.name === name);
    response.setHeader('date', 'Mon, 23 Nov 2026 20:00:00 GMT');
    response.end(JSON.stringify({ metadata: {}, items }));
    return true;
  };

const inShop = { scope: 'namespaces/shop/', namespace: 'shop', kubectl: 'kubectl' };
const everywhere = { scope: '', namespace: null, kubectl: 'kubectl --context=x' };
const choice = (refs: readonly PodRef[], selector: string | null = null): PodChoice => ({ by: 'pods', refs, selector });
const ref = (kind: PodRef['kind'], name: string): PodRef => ({ kind, name });

const choose = async (what: PodChoice, rule: Rule, place: typeof inShop | typeof everywhere = inShop) => {
  await using server = await fakeApiserver(rule);
  const { raw, nodes } = await choosePods(server.api, what, place, never);
  if (!raw.ok) return expect.fail(raw.gap.detail);
  const { stdout, atMs } = raw.outputs[0];
  const { items } = JSON.parse(stdout) as { items: { metadata: { name: string } }[] };
  return {
    names: items.map((i) => i.metadata.name),
    nodes,
    atMs,
    stdout,
    paths: server.requests.map((r) => decodeURIComponent(r.replace('GET ', '').replaceAll('+', ' '))),
  };
};

describe('by name', () => {
  it('one, as the read of the chosen pods would have it', async () => {
    const { names, nodes, atMs, stdout, paths } = await choose(
      choice([ref('pod', 'a')]),
      cluster([pod('a'), pod('b')]),
    );
    expect({ names, nodes, atMs }).toEqual({ names: ['a'], nodes: ['n1'], atMs: Date.UTC(2026, 10, 23, 20) });
    expect(paths).toEqual(['/api/v1/namespaces/shop/pods?fieldSelector=metadata.name=a&limit=500']);
    expect(stdout).not.toContain('hunter2');
  });
  it('several, each once, on the nodes that they are on', async () => {
    const pods = [pod('a', 'n2'), pod('b', null), pod('c', 'n1'), pod('d', 'n2')];
    const { names, nodes } = await choose(choice(['c', 'a', 'b', 'a', 'd'].map((n) => ref('pod', n))), cluster(pods));
    expect(names).toEqual(['c', 'a', 'b', 'd']);
    expect(nodes).toEqual(['n1', 'n2', null]);
  });
  it('one that is not there: near names', async () => {
    const missed = choose(choice([ref('pod', 'web-l')]), cluster([pod('web-1'), pod('db-1')]));
    await expect(missed).rejects.toThrow('Error from server (NotFound): pods "web-l" not found\nDid you mean web-1?');
  });
  it('one that is not there, and nothing like it', async () => {
    const missed = choose(choice([ref('pod', 'zzzzzz')]), cluster([pod('web-1')]));
    await expect(missed).rejects.toThrow(/pods "zzzzzz" not found$/);
  });
  it('one of two is not there: that is told, not half of it judged', async () =>
    await expect(choose(choice([ref('pod', 'a'), ref('pod', 'x')]), cluster([pod('a')]))).rejects.toThrow(
      '"x" not found',
    ));
});

describe('by what has them', () => {
  const matchLabels = { app: 'web' };
  const object = (name: string, selector: unknown) => ({ metadata: { name }, spec: { selector } });
  const pods = [
    pod('web-7-a', 'n1', owned('ReplicaSet', 'web-7')),
    pod('web-8-b', 'n2', owned('ReplicaSet', 'web-8')),
    pod('web-api-9-c', 'n3', owned('ReplicaSet', 'web-api-9')),
    pod('web-0', 'n4', owned('StatefulSet', 'web')),
    pod('web-x', 'n5', owned('DaemonSet', 'web')),
    pod('web-j', 'n6', owned('Job', 'web')),
    pod('web-y', 'n7', { ownerReferences: [{ kind: 'StatefulSet', name: 'web' }] }),
    pod('bare', 'n8'),
  ];
  it.each<[PodRef['kind'], string, string, string, readonly string[]]>([
    ['deployment', 'web', 'deployments', '/apis/apps/v1/namespaces/shop/deployments', ['web-7-a', 'web-8-b']],
    ['replicaset', 'web-8', 'replicasets', '/apis/apps/v1/namespaces/shop/replicasets', ['web-8-b']],
    ['statefulset', 'web', 'statefulsets', '/apis/apps/v1/namespaces/shop/statefulsets', ['web-0']],
    ['daemonset', 'web', 'daemonsets', '/apis/apps/v1/namespaces/shop/daemonsets', ['web-x']],
    ['job', 'web', 'jobs', '/apis/batch/v1/namespaces/shop/jobs', ['web-j']],
  ])('%s %s: its own, and no others with its labels', async (kind, name, resource, path, want) => {
    const { names, paths } = await choose(
      choice([ref(kind, name)]),
      cluster(pods, { [resource]: [object(name, { matchLabels })] }),
    );
    expect(names).toEqual(want);
    expect(paths).toEqual([
      `${path}?fieldSelector=metadata.name=${name}`,
      '/api/v1/namespaces/shop/pods?labelSelector=app=web&resourceVersion=0',
    ]);
  });
  it('a Service: whoever has the labels', async () => {
    const { names } = await choose(
      choice([ref('service', 'web')]),
      cluster(pods, { services: [object('web', matchLabels)] }),
    );
    expect(names).toHaveLength(8);
  });
  it('two that overlap: each pod once', async () => {
    const world = cluster(pods, {
      services: [object('web', matchLabels)],
      deployments: [object('web', { matchLabels })],
    });
    expect((await choose(choice([ref('deployment', 'web'), ref('service', 'web')]), world)).names).toHaveLength(8);
  });
  it('expressions, as kubectl writes them', async () => {
    const selector = {
      matchLabels: { app: 'web', empty: '' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a', 'b'] },
        { key: 'track', operator: 'NotIn', values: ['x'] },
        { key: 'e', operator: 'Exists' },
        { key: 'n', operator: 'DoesNotExist' },
      ],
    };
    const { paths } = await choose(
      choice([ref('deployment', 'web')]),
      cluster(pods, { deployments: [object('web', selector)] }),
    );
    expect(paths[1]).toBe(
      '/api/v1/namespaces/shop/pods?labelSelector=app=web,empty=,tier in (a,b),track notin (x),e,!n&resourceVersion=0',
    );
  });
  it.each<[string, PodRef, Readonly<Record<string, readonly object[]>>, string]>([
    [
      'it is not there',
      ref('deployment', 'gone'),
      {},
      'Error from server (NotFound): deployments.apps "gone" not found',
    ],
    [
      'a Service without a selector',
      ref('service', 'x'),
      { services: [object('x', null)] },
      'service x has no selector: it chooses no pods.',
    ],
    [
      'it has no pods',
      ref('statefulset', 'db'),
      { statefulsets: [object('db', { matchLabels })] },
      'No resources found: statefulset db has no pods.',
    ],
  ])(
    '%s',
    async (_, what, objects, words) =>
      await expect(choose(choice([what]), cluster(pods, objects))).rejects.toThrow(words),
  );
});

describe('by labels, or all', () => {
  it('the selector is handed to the server', async () => {
    const { paths, names } = await choose(choice([], 'app in (web),!x'), cluster([pod('a')]));
    expect(paths).toEqual(['/api/v1/namespaces/shop/pods?labelSelector=app in (web),!x&resourceVersion=0']);
    expect(names).toEqual(['a']);
  });
  it('all of all namespaces, page by page', async () => {
    const pages: Rule = ({ url }, response) => {
      const more = url.searchParams.has('continue') ? {} : { continue: '1' };
      response.end(JSON.stringify({ metadata: more, items: [pod(`p${url.searchParams.get('continue') ?? 0}`)] }));
      return true;
    };
    const { paths, names } = await choose(choice([]), pages, everywhere);
    expect(paths).toEqual(['/api/v1/pods?limit=500', '/api/v1/pods?limit=500&continue=1']);
    expect(names).toEqual(['p0', 'p1']);
  });
  it.each<[PodChoice, typeof inShop | typeof everywhere, string]>([
    [choice([]), inShop, 'No resources found in shop namespace.'],
    [choice([], 'a=b'), inShop, 'No resources found in shop namespace: no pod has a=b.'],
    [choice([]), everywhere, 'No resources found.'],
    [choice([], 'a=b'), everywhere, 'No resources found: no pod has a=b.'],
  ])('none is an error: %o', async (what, place, words) => {
    const none = choose(what, cluster([]), place);
    await expect(none).rejects.toThrow(words);
    await expect(none).rejects.toHaveProperty('name', 'TransportError');
  });
});

describe('refused', () => {
  const message = 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"';
  it('who may not list pods hears what grants it', async () => {
    const refused = choose(choice([], 'a=b'), (_, response) => refuse(response, 403, 'Forbidden', message));
    await expect(refused).rejects.toThrow(`Error from server (Forbidden): ${message}\n`);
    await expect(refused).rejects.toThrow('--verb=list --resource=pods');
  });
  it('who may not list workloads too', async () => {
    const denied = message.replaceAll('pods', 'deployments').replace('group ""', 'group "apps"');
    const refused = choose(choice([ref('deployment', 'web')]), (_, response) =>
      refuse(response, 403, 'Forbidden', denied),
    );
    await expect(refused).rejects.toThrow('--verb=list --resource=deployments.apps');
  });
  it('near names are no reason to fail otherwise', async () => {
    const rule: Rule = ({ url }, response) =>
      url.searchParams.has('fieldSelector')
        ? cluster([])({ method: 'GET', url, body: null }, response)
        : refuse(response, 403, 'Forbidden', message);
    await expect(choose(choice([ref('pod', 'web-l')]), rule)).rejects.toThrow(
      /^Error from server \(NotFound\): pods "web-l" not found$/,
    );
  });
});
