import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watchCluster } from '../../src/app/watch-cluster.ts';
import { refuse } from '../transports/debug-pod/fake-apiserver.ts';
import { eventObject, type ListServer, listServer, podObject } from '../transports/kube-api/list-server.ts';

/** Watches in the background; a hundredth of the time. */
const watch = (
  server: ListServer,
  more: { readonly nodes?: readonly string[]; readonly pods?: ReadonlySet<string> } = {},
) => {
  const stop = new AbortController();
  const got: string[] = [];
  const raw: object[] = [];
  const notes: string[] = [];
  const pods: string[] = [];
  const told = watchCluster({
    ...{ api: server.api, nodes: more.nodes ?? ['n1'], pods: more.pods ?? null, signal: stop.signal, pace: 0.01 },
    onNote: (text) => notes.push(text),
    onPod: ({ namespace, name, ips }) => pods.push(`${namespace}/${name} ${ips.join(' ')}`.trim()),
  });
  const done = (async () => {
    for await (const { node, receivedMs, event: e } of told) {
      expect(performance.now() - receivedMs).toBeLessThan(5000);
      raw.push(e);
      const pod = `${node} ${e.pod.namespace}/${e.pod.name}`;
      if (e.kind === 'probe-failed') got.push(`${pod} ${e.probe} × ${e.count}`);
      else got.push(`${pod} ${e.ready ? 'ready' : 'unready'} by ${e.by}`);
    }
  })();
  return {
    ...{ got, raw, notes, pods, done },
    until: (...want: readonly string[]) => expect.poll(() => got, { timeout: 5000, interval: 10 }).toEqual(want),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await done;
    },
  };
};
const opened = (server: ListServer, n = 2) => expect.poll(server.watches, { timeout: 5000 }).toBe(n);

describe('probes that fail', () => {
  it('are told as they fail, and by how often since', async () => {
    await using server = await listServer();
    server.put('events', eventObject('old', 7));
    await using w = watch(server);
    await opened(server);
    server.put('events', eventObject('e1', 1));
    await w.until('n1 shop/cart-7 readiness × 1');
    expect(w.raw).toEqual([
      {
        ...{ kind: 'probe-failed', pod: { namespace: 'shop', name: 'cart-7' }, container: 'web', probe: 'readiness' },
        destination: { ip: '10.244.1.2', port: 8080 },
        text: 'Get "http://10.244.1.2:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
        ...{ count: 1, connects: [] },
      },
    ]);
    server.put('events', eventObject('e1', 4));
    // what was written anew without a failure is none
    server.put('events', eventObject('e1', 4, { metadata: { uid: 'e1', labels: { a: 'b' } } }));
    server.put('events', eventObject('old', 9));
    await w.until('n1 shop/cart-7 readiness × 1', 'n1 shop/cart-7 readiness × 3', 'n1 shop/cart-7 readiness × 2');
    server.remove('events', 'e1');
    server.put(
      'events',
      eventObject('e2', 1, { message: 'Liveness probe failed: dial tcp [fd00::2]:80: i/o timeout' }),
    );
    await expect.poll(() => w.got.at(-1)).toBe('n1 shop/cart-7 liveness × 1');
    expect(w.notes).toEqual([]);
  });

  it('of an event that was made anew since the old one expired: one for certain, or all of the watch', async () => {
    await using server = await listServer();
    await using w = watch(server);
    await opened(server);
    server.put('events', eventObject('anew', 57, { lastTimestamp: '2026-11-23T20:00:00Z' }));
    server.put('events', eventObject('held-back', 6));
    server.put('events', eventObject('timeless', 6, { firstTimestamp: null, lastTimestamp: null }));
    const of = 'n1 shop/cart-7 readiness ×';
    await w.until(`${of} 1`, `${of} 6`, `${of} 1`);
  });

  it('of the nodes and pods that count', async () => {
    await using server = await listServer();
    await using w = watch(server, { nodes: ['n1', 'n2'], pods: new Set(['shop/cart-7', 'bank/till-0']) });
    await opened(server, 3);
    const of = (namespace: string, name: string) => ({
      involvedObject: { kind: 'Pod', namespace, name, fieldPath: 'spec.containers{web}' },
    });
    server.put('events', eventObject('a', 1, { source: { host: 'n3' } }));
    server.put('events', eventObject('b', 1, of('shop', 'other-1')));
    server.put('events', eventObject('c', 1, { reason: 'BackOff' }));
    server.put('events', eventObject('d', 1, { ...of('bank', 'till-0'), source: {}, reportingInstance: 'n2' }));
    server.put('events', eventObject('e', 1));
    await w.until('n2 bank/till-0 readiness × 1', 'n1 shop/cart-7 readiness × 1');
  });

  it('while nobody could ask are told when somebody can', async () => {
    await using server = await listServer();
    server.put('events', eventObject('e1', 2));
    await using w = watch(server);
    await opened(server);
    await server.stop();
    server.put('events', eventObject('e1', 5));
    server.put('events', eventObject('e2', 1));
    server.compact('event');
    await server.start();
    await w.until('n1 shop/cart-7 readiness × 3', 'n1 shop/cart-7 readiness × 1');
  });
});

describe('pods that stop being Ready', () => {
  it('are told with who wrote that and why, and how long they were away', async () => {
    await using server = await listServer();
    server.put('pods', podObject('cart-7'));
    await using w = watch(server);
    await opened(server);
    const began = performance.now();
    const words = { reason: 'ContainersNotReady', message: 'containers with unready status: [web]' };
    server.put('pods', podObject('cart-7', { ready: false, ...words }));
    await w.until('n1 shop/cart-7 unready by kubelet');
    server.put('pods', podObject('cart-7', { ready: false, ...words, metadata: { labels: { a: 'b' } } }));
    await sleep(600);
    server.put('pods', podObject('cart-7', { by: 'somebody' }));
    await w.until('n1 shop/cart-7 unready by kubelet', 'n1 shop/cart-7 ready by somebody');
    const atMost = (performance.now() - began) / 1000;
    const pod = { namespace: 'shop', name: 'cart-7' };
    const why = 'ContainersNotReady, containers with unready status: [web]';
    expect(w.raw).toEqual([
      { kind: 'ready', pod, ready: false, by: 'kubelet', why, awaySeconds: null },
      { kind: 'ready', pod, ready: true, by: 'somebody', why: null, awaySeconds: expect.any(Number) },
    ]);
    const away = Number((w.raw[1] as { readonly awaySeconds?: unknown }).awaySeconds);
    expect(away).toBeGreaterThanOrEqual(0.5);
    expect(away).toBeLessThanOrEqual(atMost + 0.1);
  });

  it('of those that stood unready it is not known since when', async () => {
    await using server = await listServer();
    server.put('pods', podObject('cart-7', { ready: false }));
    await using w = watch(server);
    await opened(server);
    server.put('pods', podObject('cart-7'));
    await w.until('n1 shop/cart-7 ready by kubelet');
    expect(w.raw).toMatchObject([{ awaySeconds: null }]);
  });

  it('are no news while they start, when they are deleted, and when they are done', async () => {
    await using server = await listServer();
    server.put('pods', podObject('goes'));
    server.put('pods', podObject('job'));
    await using w = watch(server);
    await opened(server);
    for (const ready of [null, false, true]) server.put('pods', podObject('comes', { ready }));
    const deletion = { deletionTimestamp: '2026-11-23T18:00:00Z' };
    server.put('pods', podObject('goes', { ready: false, metadata: deletion }));
    server.remove('pods', 'uid-goes');
    server.put('pods', podObject('job', { ready: false, phase: 'Succeeded', reason: 'PodCompleted' }));
    server.put('pods', podObject('comes', { ready: false, by: 'kube-controller-manager' }));
    await w.until('n1 shop/comes unready by kube-controller-manager');
    expect(w.raw).toMatchObject([{ why: null }]);
  });

  it('of several nodes, each asked for its own', async () => {
    await using server = await listServer();
    server.put('pods', podObject('a'));
    server.put('pods', podObject('b', { node: 'n2' }));
    server.put('pods', podObject('c', { node: 'n3' }));
    await using w = watch(server, { nodes: ['n1', 'n2'] });
    await opened(server, 3);
    for (const [name, node] of [
      ['c', 'n3'],
      ['b', 'n2'],
    ] as const)
      server.put('pods', podObject(name, { node, ready: false }));
    await w.until('n2 shop/b unready by kubelet');
    server.put('pods', podObject('a', { ready: false }));
    await w.until('n2 shop/b unready by kubelet', 'n1 shop/a unready by kubelet');
  });

  it('in one namespace are asked for there', async () => {
    await using server = await listServer();
    await using w = watch(server, { pods: new Set(['shop/cart-7', 'shop/cart-8']) });
    await opened(server);
    expect(server.requests.every((r) => /^\/api\/v1\/namespaces\/shop\/(pods|events)\?/.test(r))).toBe(true);
    server.put('pods', podObject('other'));
    server.put('pods', podObject('cart-7'));
    for (const name of ['other', 'cart-7']) server.put('pods', podObject(name, { ready: false }));
    await w.until('n1 shop/cart-7 unready by kubelet');
  });
});

it('pods are told as they come and change, also those that do not count, but for those that are done', async () => {
  await using server = await listServer();
  const withIp = (name: string, ip: string, phase = 'Running', deletionTimestamp?: string) => {
    const pod = podObject(
      name,
      deletionTimestamp === undefined ? {} : { metadata: { uid: `uid-${name}`, deletionTimestamp } },
    );
    return { ...pod, status: { phase, podIPs: [{ ip }] } };
  };
  server.put('pods', withIp('stands', '10.0.0.1'));
  server.put('pods', withIp('done', '10.0.0.1', 'Succeeded'));
  server.put('pods', withIp('evicted', '10.0.0.1', 'Failed'));
  server.put('pods', withIp('goes', '10.0.0.1', 'Running', '2026-11-23T18:00:00Z'));
  await using w = watch(server, { pods: new Set(['shop/cart-7']) });
  await opened(server);
  server.put('pods', podObject('comes', { ready: null }));
  server.put('pods', withIp('comes', '10.0.0.2'));
  server.put('pods', podObject('elsewhere', { node: 'n2' }));
  await expect
    .poll(() => w.pods, { timeout: 5000 })
    .toEqual(['shop/stands 10.0.0.1', 'shop/comes', 'shop/comes 10.0.0.2']);
  expect(w.got).toEqual([]);
});

describe('what may not be seen', () => {
  it.each([
    ['events', 'Failed probes are not told', 'n1 shop/cart-7 unready by kubelet'],
    ['pods', 'Pods that stop being Ready are not told', 'n1 shop/cart-7 readiness × 1'],
  ])('%s are noted once, and the rest goes on', async (resource, note, told) => {
    await using server = await listServer();
    server.put('pods', podObject('cart-7'));
    server.rule = ({ url }, response) =>
      url.pathname.endsWith(resource) && refuse(response, 403, 'Forbidden', `User "u" cannot list ${resource}`);
    await using w = watch(server, { nodes: ['n1', 'n2'] });
    await opened(server, resource === 'events' ? 2 : 1);
    server.put('events', eventObject('e1', 1));
    server.put('pods', podObject('cart-7', { ready: false }));
    await w.until(told);
    expect(w.notes).toEqual([`${note}: User "u" cannot list ${resource}`]);
  });

  it('neither of them: it ends', async () => {
    await using server = await listServer();
    server.rule = (_, response) => refuse(response, 403, 'Forbidden', 'no');
    await using w = watch(server);
    await w.done;
    expect(w.notes.toSorted()).toEqual([
      'Failed probes are not told: no',
      'Pods that stop being Ready are not told: no',
    ]);
  });
});

it('ends when its reader leaves, and closes its connections', async () => {
  await using server = await listServer();
  const told = watchCluster({
    ...{ api: server.api, nodes: ['n1'], pods: null, signal: new AbortController().signal, pace: 0.01 },
    ...{ onNote: () => undefined, onPod: () => undefined },
  });
  void opened(server).then(() => server.put('events', eventObject('e1', 1)));
  for await (const { event } of told) {
    expect(event.kind).toBe('probe-failed');
    break;
  }
  await opened(server, 0);
});
