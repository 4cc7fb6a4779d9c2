import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { at, textAt } from '../../../src/lib/json.ts';
import { followList } from '../../../src/transports/kube-api/follow-list.ts';
import { refuse } from '../debug-pod/fake-apiserver.ts';
import { type ListServer, listServer, podObject } from './list-server.ts';

const path = '/api/v1/pods?fieldSelector=spec.nodeName%3Dn1';

const opened = (server: ListServer) => expect.poll(server.watches, { timeout: 5000 }).toBe(1);

/** Follows in the background; a hundredth of the time. */
const follow = (server: ListServer, more: { readonly pace?: number; readonly path?: string } = {}) => {
  const stop = new AbortController();
  const got: string[] = [];
  const notes: string[] = [];
  const changes = followList(server.api, more.path ?? path, stop.signal, {
    parse: (object) =>
      textAt(object, 'spec', 'nodeName') === 'n1'
        ? `${textAt(object, 'metadata', 'name')} ${String(at(object, 'n'))}`
        : null,
    without: 'pods are not told',
    onNote: (text) => notes.push(text),
    pace: more.pace ?? 0.01,
  });
  const done = (async () => {
    for await (const c of changes) got.push(`${c.how} ${c.how === 'gone' ? c.key : c.value}`);
  })();
  return {
    ...{ got, notes, done },
    /** Waits until so much came. */
    until: async (...want: readonly string[]) => {
      await expect.poll(() => got.toSorted(), { timeout: 5000, interval: 10 }).toEqual([...want].toSorted());
      return got;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await done;
    },
  };
};
const pod = (name: string, n: number, more: { readonly node?: string } = {}) => ({ ...podObject(name, more), n });

it('tells what stands, then what comes, changes and goes', async () => {
  await using server = await listServer();
  server.put('pods', pod('a', 1));
  server.put('pods', pod('b', 1));
  server.put('pods', pod('other', 1, { node: 'n2' }));
  await using f = follow(server);
  await f.until('stands a 1', 'stands b 1');
  await opened(server);
  server.put('pods', pod('b', 2));
  server.put('pods', pod('c', 1));
  server.put('pods', pod('other', 2, { node: 'n2' }));
  server.remove('pods', 'uid-a');
  await f.until('stands a 1', 'stands b 1', 'changed b 2', 'new c 1', 'gone uid-a');
  expect(server.requests).toEqual([
    '/api/v1/pods?fieldSelector=spec.nodeName=n1&resourceVersion=0',
    '/api/v1/pods?fieldSelector=spec.nodeName=n1&watch=true&allowWatchBookmarks=true&timeoutSeconds=240&resourceVersion=103',
  ]);
  expect(f.notes).toEqual([]);
});

it('ends when it is aborted, and closes its connection', async () => {
  await using server = await listServer();
  const f = follow(server);
  await opened(server);
  await f[Symbol.asyncDispose]();
  await expect.poll(server.watches).toBe(0);
});

it('ends at once while it pauses', async () => {
  await using server = await listServer();
  await server.stop();
  const f = follow(server, { pace: 100 });
  await sleep(100);
  const began = performance.now();
  await f[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(1000);
  await server.start();
});

describe('goes on where it was', () => {
  it.each<[string, (server: ListServer) => void]>([
    ['the server ends the watch', (server) => server.endWatches()],
    ['the connection is cut', (server) => server.cut()],
    [
      'half a line is followed by the end',
      (server) => {
        server.write('{"type":"MODIFIED","obj');
        server.endWatches();
      },
    ],
    [
      'the server says that it failed',
      (server) => server.write('{"type":"ERROR","object":{"code":500,"message":"etcd"}}\n'),
    ],
  ])('when %s', async (_, fail) => {
    await using server = await listServer();
    server.put('pods', pod('a', 1));
    await using f = follow(server);
    await opened(server);
    server.put('pods', pod('a', 2));
    await f.until('stands a 1', 'changed a 2');
    fail(server);
    server.put('pods', pod('a', 3));
    server.remove('pods', 'uid-a');
    await f.until('stands a 1', 'changed a 2', 'changed a 3', 'gone uid-a');
    expect(server.requests.filter((r) => !r.includes('watch=true'))).toHaveLength(1);
    expect(f.notes).toEqual([]);
  });

  it('from the version of a bookmark', async () => {
    await using server = await listServer();
    server.put('pods', pod('a', 1));
    await using f = follow(server);
    await opened(server);
    server.write('{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"777"}}}\n');
    await sleep(50);
    server.endWatches();
    await expect.poll(() => server.requests.at(-1)).toMatch(/resourceVersion=777$/);
    expect(f.got).toEqual(['stands a 1']);
  });

  it('when a watch that nothing came of outlives its time', async () => {
    await using server = await listServer();
    await using f = follow(server, { pace: 0.001 });
    await expect.poll(() => server.requests.length, { timeout: 5000 }).toBeGreaterThan(2);
    expect(server.watches()).toBeLessThan(2);
    expect(f.notes).toEqual([]);
  });
});

describe('an API server that restarts', () => {
  it('is waited for, however long', async () => {
    await using server = await listServer();
    server.put('pods', pod('a', 1));
    await using f = follow(server);
    await opened(server);
    await server.stop();
    server.put('pods', pod('a', 2));
    await expect.poll(() => f.notes.length).toBeGreaterThan(0);
    await sleep(600);
    expect(f.notes).toEqual([
      expect.stringMatching(
        /^pods are not told while the API server is away: The connection to the server .* was refused/,
      ),
    ]);
    await server.start();
    await f.until('stands a 1', 'changed a 2');
    expect(f.notes).toHaveLength(1);
  });

  it('is waited for at the very beginning', async () => {
    await using server = await listServer();
    server.put('pods', pod('a', 1));
    await server.stop();
    await using f = follow(server);
    await sleep(100);
    await server.start();
    await f.until('stands a 1');
  });

  it('may refuse everybody until it has read its roles', async () => {
    await using server = await listServer();
    await using f = follow(server, { pace: 0.05 });
    await opened(server);
    server.rule = (_, response) => refuse(response, 403, 'Forbidden', 'RBAC: clusterrole not found');
    server.cut();
    await sleep(50);
    server.rule = null;
    server.put('pods', pod('a', 1));
    await f.until('new a 1');
    expect(f.notes).toEqual([]);
  });

  it('is asked more and more rarely', async () => {
    await using server = await listServer();
    await using f = follow(server, { pace: 0.1 });
    await opened(server);
    server.rule = (_, response) => refuse(response, 503, 'ServiceUnavailable', 'starting');
    server.cut();
    const began = performance.now();
    const tries = () => server.requests.length - 2;
    await expect.poll(tries).toBeGreaterThan(2);
    await sleep(600);
    expect(tries()).toBeLessThan(10 * Math.max(1, (performance.now() - began) / 1000));
    expect(f.notes).toEqual([]);
  });
});

describe('what the server has forgotten is found by a new list', () => {
  it.each(['event', 'status'] as const)('told by an %s', async (as) => {
    await using server = await listServer();
    for (const name of ['same', 'other', 'leaves']) server.put('pods', pod(name, 1));
    await using f = follow(server);
    await opened(server);
    await server.stop();
    server.put('pods', pod('other', 2));
    server.put('pods', pod('other', 3));
    server.put('pods', pod('comes', 1));
    server.remove('pods', 'uid-leaves');
    server.compact(as);
    await server.start();
    await f.until(
      'stands same 1',
      'stands other 1',
      'stands leaves 1',
      'changed other 3',
      'new comes 1',
      'gone uid-leaves',
    );
    await opened(server);
    server.put('pods', pod('same', 2));
    await expect.poll(() => f.got.at(-1)).toBe('changed same 2');
  });

  it('a list that is behind takes nothing back', async () => {
    await using server = await listServer();
    server.put('pods', pod('a', 1));
    const behind = JSON.stringify({ metadata: { resourceVersion: '101' }, items: [pod('a', 1)] }).replace(
      '"uid":"uid-a"',
      '"uid":"uid-a","resourceVersion":"101"',
    );
    await using f = follow(server);
    await opened(server);
    server.put('pods', pod('a', 2));
    server.put('pods', pod('b', 1));
    await f.until('stands a 1', 'changed a 2', 'new b 1');
    let asked = 0;
    server.rule = ({ url }, response) => {
      if (url.searchParams.has('watch') && asked === 0) return refuse(response, 410, 'Gone', 'too old');
      if (url.searchParams.has('watch') || asked++ > 0) return false;
      response.end(behind);
      return true;
    };
    server.cut();
    await expect.poll(() => asked).toBe(1);
    await opened(server);
    server.put('pods', pod('a', 3));
    await f.until('stands a 1', 'changed a 2', 'new b 1', 'changed a 3');
  });
});

describe('ends with one note and without an error', () => {
  it.each([
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [404, 'NotFound'],
  ])('where listing is answered with %i', async (code, reason) => {
    await using server = await listServer();
    server.rule = (_, response) => refuse(response, code, reason, 'because');
    await using f = follow(server);
    await f.done;
    expect([f.got, f.notes]).toEqual([[], ['pods are not told: because']]);
    expect(server.requests).toHaveLength(1);
  });

  it('where watching is not allowed', async () => {
    await using server = await listServer();
    server.put('pods', pod('a', 1));
    server.rule = ({ url }, response) =>
      url.searchParams.has('watch') && refuse(response, 403, 'Forbidden', 'User "u" cannot watch resource "pods"');
    await using f = follow(server);
    await f.done;
    expect([f.got, f.notes]).toEqual([['stands a 1'], ['pods are not told: User "u" cannot watch resource "pods"']]);
  });

  it('where the right is taken away for good', async () => {
    await using server = await listServer();
    await using f = follow(server);
    await opened(server);
    server.rule = (_, response) => refuse(response, 403, 'Forbidden', 'no more');
    server.cut();
    await f.done;
    expect(f.notes).toEqual(['pods are not told: no more']);
  });
});

describe('whatever the server says', () => {
  it.each([
    ['no JSON', '<html>\n'],
    ['no object', 'null\n[]\n7\n{}\n'],
    ['an object without a name', '{"type":"ADDED","object":{"spec":{"nodeName":"n1"}}}\n{"type":"MODIFIED"}\n'],
    ['a kind of its own', '{"type":"CHANGED","object":{"metadata":{"uid":"x"},"spec":{"nodeName":"n1"}}}\n'],
    ['a version of a megabyte', `{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"${'9'.repeat(1e6)}"}}}\n`],
    [
      'a uid of a megabyte',
      `{"type":"ADDED","object":{"metadata":{"uid":"${'u'.repeat(1e6)}"},"spec":{"nodeName":"n1"}}}\n`,
    ],
    ['a line that is too long', `${'x'.repeat(3e6)}\n`],
  ])('%s is passed over', async (_, text) => {
    await using server = await listServer();
    await using f = follow(server);
    await opened(server);
    server.write(text);
    server.put('pods', pod('a', 1));
    await f.until('new a 1');
    server.endWatches();
    server.put('pods', pod('a', 2));
    await f.until('new a 1', 'changed a 2');
    expect(server.requests.every((r) => r.length < 300)).toBe(true);
    expect(f.notes).toEqual([]);
  });

  it('a list that is none is asked for again', async () => {
    await using server = await listServer();
    server.put('pods', pod('a', 1));
    server.rule = (_, response) => {
      response.end('{"items":7}');
      return true;
    };
    await using f = follow(server);
    await sleep(50);
    server.rule = null;
    await f.until('stands a 1');
  });

  it('no more than twenty thousand objects are remembered', async () => {
    await using server = await listServer();
    await using f = follow(server);
    await opened(server);
    const line = (i: number) =>
      `{"type":"ADDED","object":{"metadata":{"name":"p${i}","uid":"u${i}","resourceVersion":"${1000 + i}"},"spec":{"nodeName":"n1"}}}\n`;
    server.write(Array.from({ length: 20_003 }, (_, i) => line(i)).join(''));
    await expect.poll(() => f.got.length, { timeout: 10_000 }).toBe(20_006);
    expect(f.got.filter((g) => g.startsWith('gone'))).toEqual(['gone u0', 'gone u1', 'gone u2']);
  });
});
